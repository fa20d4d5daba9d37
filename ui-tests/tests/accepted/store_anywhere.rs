//! What `build` returns has one name, whatever was configured, and can be kept anywhere.

extern crate renamed_typegate as typegate;

use std::sync::OnceLock;

use typegate::adapter::MemoryAdapter;
use typegate::hooks::{Callbacks, Events};
use typegate::provider::catalog::GitHub;
use typegate::provider::{Credentials, Email};
use typegate::{Auth, AuthorizeError, ConfigError, Database, Jwt, Pages, Secret, Theme, User};

static AUTH: OnceLock<Auth> = OnceLock::new();

#[derive(Clone)]
struct Application {
    auth: Auth,
    tenants: Vec<Auth>,
}

async fn authorize(name: String) -> Result<Option<User>, AuthorizeError> {
    Ok(Some(User::new(name)))
}

fn secret() -> Result<Secret, ConfigError> {
    Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")
}

fn in_cookies() -> Result<Auth, ConfigError> {
    Auth::builder()
        .secret(secret()?)
        .url("https://app.example.com".parse()?)
        .adapter(MemoryAdapter::new())
        .provider(GitHub::new("client id", "client secret".into()))
        .provider(Credentials::new(authorize))
        .provider(Email::new(|_message| async { Ok(()) }))
        .callbacks(Callbacks::new().jwt(|request| async { Ok(request.token) }))
        .session(Jwt::default())
        .build()
}

fn in_the_database() -> Result<Auth, ConfigError> {
    Auth::builder()
        .events(Events::new())
        .pages(Pages::new().sign_in("/login"))
        .theme(Theme::new())
        .session(Database::default())
        .provider(GitHub::new("client id", "client secret".into()))
        .adapter(MemoryAdapter::new())
        .url("https://www.example.com".parse()?)
        .secret(secret()?)
        .build()
}

fn may_go_anywhere<T: Clone + Send + Sync + 'static>(_: &T) {}

#[test]
fn what_is_built_goes_anywhere() -> Result<(), ConfigError> {
    let application = Application { auth: in_cookies()?, tenants: vec![in_the_database()?] };
    may_go_anywhere(&application);
    may_go_anywhere(&application.auth);
    let auth = AUTH.get_or_init(|| application.auth.clone());
    assert_eq!(auth.base_path(), application.tenants[0].base_path());
    Ok(())
}
