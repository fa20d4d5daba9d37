extern crate renamed_typegate as typegate;

use typegate::{Auth, BoxError};

async fn revoke(auth: &Auth) -> Result<(), BoxError> {
    let _client = auth.oauth2_client("github").await?;
    Ok(())
}

fn main() {}
