extern crate renamed_typegate as typegate;

use typegate::provider::Credentials;
use typegate::{AuthorizeError, User};

#[derive(serde::Deserialize)]
struct Login {
    username: String,
}

async fn authorize(login: &Login) -> Result<Option<User>, AuthorizeError> {
    Ok(Some(User::new(login.username.clone())))
}

fn main() {
    let _provider = Credentials::new(authorize);
}
