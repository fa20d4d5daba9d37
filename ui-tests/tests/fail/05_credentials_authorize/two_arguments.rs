extern crate renamed_typegate as typegate;

use typegate::provider::Credentials;
use typegate::{AuthorizeError, User};

async fn authorize(username: String, _password: String) -> Result<Option<User>, AuthorizeError> {
    Ok(Some(User::new(username)))
}

fn main() {
    let _provider = Credentials::new(authorize);
}
