extern crate renamed_typegate as typegate;

use axum::extract::Request;
use typegate::{Auth, Error};

async fn whoami(auth: &Auth, request: &Request) -> Result<Option<String>, Error> {
    let session = auth.session(request).await?;
    Ok(session.map(|session| session.expires))
}

fn main() {}
