extern crate renamed_typegate as typegate;

use typegate::provider::Credentials;

#[derive(serde::Deserialize)]
struct Login {
    username: String,
}

async fn authorize(login: Login) -> bool {
    login.username == "ada"
}

fn main() {
    let _provider = Credentials::new(authorize);
}
