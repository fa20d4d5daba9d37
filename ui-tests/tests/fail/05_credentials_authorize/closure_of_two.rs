extern crate renamed_typegate as typegate;

use typegate::provider::Credentials;
use typegate::User;

#[derive(serde::Deserialize)]
struct Login {
    username: String,
}

struct Pool;

fn main() {
    let _provider = Credentials::new(move |login: Login, pool: Pool| async move {
        let _ = pool;
        Ok(Some(User::new(login.username)))
    });
}
