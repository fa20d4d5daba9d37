//! Functions return the parts of a configuration by their plain names, whatever was told to them.

extern crate renamed_typegate as typegate;

use typegate::hooks::{Callbacks, Events};
use typegate::provider::Email;
use typegate::slot::Given;
use typegate::{Auth, ConfigError, Database, DefaultSession, Jwt, Pages, Secret};

fn strategy(seconds: Option<u32>) -> Jwt {
    let mut strategy = Jwt::default();
    if let Some(seconds) = seconds {
        strategy = strategy.max_age(seconds).into();
    }
    strategy
}

fn rows() -> Database {
    Database::default().update_age(0).max_age(60).into()
}

fn pages() -> Pages {
    Pages::new().new_user("/welcome").sign_in("/login").into()
}

fn callbacks() -> Callbacks<DefaultSession, Given> {
    let callbacks = Callbacks::new().jwt(|request| async move { Ok(request.token) });
    callbacks.sign_in(|_| async { Ok(true) }).into()
}

fn events() -> Events {
    Events::new().sign_in(|_| async { Ok(()) }).into()
}

fn email() -> Email {
    Email::new(|_message| async { Ok(()) }).id("link").max_age(60).into()
}

fn untouched() -> (Jwt, Database, Pages, Callbacks, Events) {
    (Jwt::default(), Database::default(), Pages::new(), Callbacks::new(), Events::new())
}

fn configured() -> Result<Auth, ConfigError> {
    Auth::builder()
        .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
        .url("https://app.example.com".parse()?)
        .adapter(typegate::adapter::MemoryAdapter::new())
        .provider(email())
        .session(strategy(Some(3600)))
        .callbacks(callbacks())
        .events(events())
        .pages(pages())
        .account_tokens()
        .build()
}

#[test]
fn parts_have_names_in_signatures() {
    let _ = (rows(), untouched());
    assert!(configured().unwrap().account_tokens().is_ok());
    assert!(configured().unwrap().session_control().is_err());
}
