extern crate renamed_typegate as typegate;

use typegate::User;
use typegate::provider::Credentials;

#[derive(serde::Deserialize)]
struct Login {
    username: String,
}

#[derive(Debug)]
enum AppError {
    Locked,
}

async fn authorize(login: Login) -> Result<Option<User>, AppError> {
    if login.username == "mallory" {
        return Err(AppError::Locked);
    }
    Ok(Some(User::new(login.username)))
}

fn main() {
    let _provider = Credentials::new(authorize);
}
