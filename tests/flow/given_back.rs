//! Attempts that came to nothing by no fault of whoever made them are given back; all others count,
//! however they failed.

use std::collections::HashMap;
use std::io;

use typegate::provider::Credentials;
use typegate::rate_limit::Allowances;
use typegate::{AdapterError, AuthorizeError, ClientAddressSource, User};

use super::support::world;

const CALLBACK: &str = "/api/auth/callback/credentials";

type Form = HashMap<String, String>;

fn parsed(text: &str) -> Result<u8, AuthorizeError> {
    Ok(text.parse()?)
}

/// The user's name says what happens.
async fn authorize(form: Form) -> Result<Option<User>, AuthorizeError> {
    match form.get("username").map(String::as_str) {
        Some("down") => Err(io::Error::from(io::ErrorKind::ConnectionRefused).into()),
        Some("gone") => Err(io::Error::from(io::ErrorKind::ConnectionReset).into()),
        Some("database") => Err(AdapterError::unavailable("no connection").into()),
        Some("readonly") => Err(AuthorizeError::unavailable("the directory is read-only")),
        // As libraries say that a password is wrong.
        Some("library") => Err(AuthorizeError::failed("password mismatch")),
        Some("number") => parsed("x").map(|_| None),
        Some("invalid") => Err(io::Error::from(io::ErrorKind::InvalidData).into()),
        Some("locked") => Err(AuthorizeError::visible("locked")),
        Some("panic") => panic!("for the test"),
        _ => Ok(None),
    }
}

/// How many of so many tries of one client were not refused by the limit.
async fn tried(name: &str, tries: usize, limit: Allowances) -> usize {
    let mut world = world!(site => site
        .provider(Credentials::new(authorize).account_field("username"))
        .rate_limit(limit)
        .client_address(ClientAddressSource::connection())
        .build()
        .unwrap());
    world.browser.peer = Some([192, 0, 2, 7].into());
    let mut tried = 0;
    for _ in 0..tries {
        let form = [("username", name), ("password", "x"), ("json", "true")];
        let status = world.browser.post(CALLBACK, &form).await.status().as_u16();
        assert!([401, 429].contains(&status), "{name}: {status}");
        tried += usize::from(status == 401);
    }
    tried
}

#[tokio::test]
async fn r210_nobody_is_locked_out_because_something_of_ours_was_down() {
    for name in ["down", "database", "readonly"] {
        assert_eq!(tried(name, 40, Allowances::default()).await, 40, "{name}");
    }
}

#[tokio::test]
async fn r210_what_may_be_a_verdict_or_comes_of_the_input_counts() {
    for name in ["wrong", "gone", "library", "number", "invalid", "locked", "panic"] {
        assert_eq!(tried(name, 40, Allowances::default()).await, 10, "{name}");
    }
}

/// What is given back to the account is not given back to the client, who asks for work all the same.
#[tokio::test]
async fn r210_a_client_has_its_number_also_while_something_is_down() {
    assert_eq!(tried("down", 40, Allowances::default().per_client(15)).await, 15);
}

/// Fields that are no fields of the application's type were a guess at nothing.
#[tokio::test]
async fn r210_a_form_that_does_not_fit_counts() {
    #[derive(serde::Deserialize)]
    struct Login {
        username: String,
        pin: u32,
    }
    let authorize = |login: Login| async move {
        assert!(login.username.is_empty() && login.pin > 0, "nobody gets here");
        Ok(None)
    };
    let mut world = world!(site => site
        .provider(Credentials::new(authorize))
        .client_address(ClientAddressSource::connection())
        .build()
        .unwrap());
    world.browser.peer = Some([192, 0, 2, 7].into());
    let mut tried = 0;
    for _ in 0..40 {
        let form = [("username", "ada"), ("pin", "no number"), ("json", "true")];
        tried += usize::from(world.browser.post(CALLBACK, &form).await.status() == 401);
    }
    assert_eq!(tried, 10);
}
