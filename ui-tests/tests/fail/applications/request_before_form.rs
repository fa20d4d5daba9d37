extern crate renamed_typegate as typegate;

use typegate::provider::{AuthorizeRequest, Credentials};
use typegate::{AuthorizeError, User};

#[derive(serde::Deserialize)]
struct Login {
    username: String,
}

async fn authorize(
    request: AuthorizeRequest,
    login: Login,
) -> Result<Option<User>, AuthorizeError> {
    Ok(request.headers.contains_key("x-internal").then(|| User::new(login.username)))
}

fn main() {
    let _provider = Credentials::new(authorize);
}
