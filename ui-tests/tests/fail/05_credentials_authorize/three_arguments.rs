extern crate renamed_typegate as typegate;

use typegate::provider::Credentials;
use typegate::{AuthorizeError, User};

#[derive(serde::Deserialize)]
struct Login {
    username: String,
}

struct Pool;

async fn authorize(login: Login, _request: typegate::provider::AuthorizeRequest, _pool: Pool) -> Result<Option<User>, AuthorizeError> {
    Ok(Some(User::new(login.username)))
}

fn main() {
    let _provider = Credentials::new(authorize);
}
