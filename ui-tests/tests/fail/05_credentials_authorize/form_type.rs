extern crate renamed_typegate as typegate;

use typegate::provider::Credentials;
use typegate::{AuthorizeError, User};

struct Login {
    username: String,
}

async fn authorize(login: Login) -> Result<Option<User>, AuthorizeError> {
    Ok(Some(User::new(login.username)))
}

fn main() {
    let _provider = Credentials::new(authorize);
}
