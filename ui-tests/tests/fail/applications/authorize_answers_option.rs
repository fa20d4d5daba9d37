extern crate renamed_typegate as typegate;

use typegate::User;
use typegate::provider::Credentials;

#[derive(serde::Deserialize)]
struct Login {
    username: String,
}

async fn authorize(login: Login) -> Option<User> {
    Some(User::new(login.username))
}

fn main() {
    let _provider = Credentials::new(authorize);
}
