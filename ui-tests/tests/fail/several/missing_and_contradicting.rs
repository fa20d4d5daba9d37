extern crate renamed_typegate as typegate;

use typegate::adapter::MemoryAdapter;
use typegate::hooks::Callbacks;
use typegate::provider::Credentials;
use typegate::{Auth, AuthorizeError, ConfigError, User};

#[derive(serde::Deserialize)]
struct Login {
    username: String,
}

async fn authorize(login: Login) -> Result<Option<User>, AuthorizeError> {
    Ok(Some(User::new(login.username)))
}

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .adapter(MemoryAdapter::new())
        .provider(Credentials::new(authorize))
        .callbacks(Callbacks::new().jwt(|request| async { Ok(request.token) }))
        .build()?;
    Ok(())
}
