extern crate renamed_typegate as typegate;

use typegate::provider::Credentials;
use typegate::User;

#[derive(serde::Deserialize)]
struct Login {
    username: String,
}

fn main() {
    let _provider = Credentials::new(|login| async move {
        Ok(Some(User::new(login.username)))
    });
}
