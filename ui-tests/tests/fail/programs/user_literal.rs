extern crate renamed_typegate as typegate;

use typegate::{AuthorizeError, User};

#[derive(serde::Deserialize)]
struct Login {
    username: String,
}

async fn authorize(login: Login) -> Result<Option<User>, AuthorizeError> {
    Ok(Some(User { id: "1".into(), name: Some(login.username), email: None, image: None }))
}

fn main() {
    let _ = typegate::provider::Credentials::new(authorize);
}
