extern crate renamed_typegate as typegate;

use typegate::adapter::MemoryAdapter;
use typegate::provider::catalog::GitHub;
use typegate::provider::Credentials;
use typegate::{Auth, AuthorizeError, ConfigError, Database, Secret, User};

#[derive(serde::Deserialize)]
struct Login {
    username: String,
}

async fn authorize(login: Login) -> Result<Option<User>, AuthorizeError> {
    Ok(Some(User::new(login.username)))
}

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .adapter(MemoryAdapter::new())
        .provider(Credentials::new(authorize))
        .provider(GitHub::from_env()?)
        .session(Database::default())
        .build()?;
    Ok(())
}
