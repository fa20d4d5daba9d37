extern crate renamed_typegate as typegate;

use typegate::provider::Credentials;
use typegate::{AuthorizeError, User};

#[derive(serde::Deserialize)]
struct Login<'a> {
    username: &'a str,
}

async fn authorize(login: Login<'_>) -> Result<Option<User>, AuthorizeError> {
    Ok(Some(User::new(login.username)))
}

fn main() {
    let _provider = Credentials::new(authorize);
}
