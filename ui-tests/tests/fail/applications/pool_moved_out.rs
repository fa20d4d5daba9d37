extern crate renamed_typegate as typegate;

use typegate::User;
use typegate::provider::Credentials;

#[derive(serde::Deserialize)]
struct Login {
    username: String,
}

struct Pool;

impl Pool {
    async fn user(&self, name: &str) -> Option<User> {
        Some(User::new(name))
    }
}

fn main() {
    let pool = Pool;
    let _provider =
        Credentials::new(move |login: Login| async move { Ok(pool.user(&login.username).await) });
}
