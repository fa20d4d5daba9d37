extern crate renamed_typegate as typegate;

use typegate::provider::Credentials;

#[derive(serde::Deserialize)]
struct Login {
    username: String,
}

fn main() {
    let _provider = Credentials::new(|login: Login| async move { Ok(login.username == "ada") });
}
