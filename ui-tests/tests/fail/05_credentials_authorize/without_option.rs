extern crate renamed_typegate as typegate;

use typegate::provider::Credentials;
use typegate::{AuthorizeError, User};

#[derive(serde::Deserialize)]
struct Login {
    username: String,
}

async fn authorize(login: Login) -> Result<User, AuthorizeError> {
    Ok(User::new(login.username))
}

fn main() {
    let _provider = Credentials::new(authorize);
}
