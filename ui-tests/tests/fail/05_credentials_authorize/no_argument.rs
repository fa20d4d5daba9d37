extern crate renamed_typegate as typegate;

use typegate::provider::Credentials;
use typegate::{AuthorizeError, User};

async fn authorize() -> Result<Option<User>, AuthorizeError> {
    Ok(None)
}

fn main() {
    let _provider = Credentials::new(authorize);
}
