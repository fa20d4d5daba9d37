//! Settings may be given in any order: all 120 orders of five calls, twice.

extern crate renamed_typegate as typegate;

use std::sync::atomic::{AtomicUsize, Ordering};

use typegate::adapter::MemoryAdapter;
use typegate::provider::{Credentials, Email};
use typegate::{Auth, AuthorizeError, ConfigError, Database, Jwt, Secret, User};

static ORDERS: AtomicUsize = AtomicUsize::new(0);

macro_rules! every_order {
    (@pick $done:tt $before:tt []) => {};
    (@pick [$($done:tt)*] [$($before:tt)*] [$next:tt $($after:tt)*]) => {
        every_order!([$($done)* $next] [$($before)* $($after)*]);
        every_order!(@pick [$($done)*] [$($before)* $next] [$($after)*]);
    };
    ([$(($setting:ident $value:expr))*] []) => {
        builds(|| Auth::builder()$(.$setting($value))*.build());
    };
    ($done:tt $rest:tt) => {
        every_order!(@pick $done [] $rest);
    };
}

/// Builds in a frame of its own, or all of them would be on the stack at once.
fn builds(build: impl FnOnce() -> Result<Auth, ConfigError>) {
    assert!(build().is_ok());
    ORDERS.fetch_add(1, Ordering::Relaxed);
}

fn secret() -> Secret {
    Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA").unwrap()
}

async fn authorize(name: String) -> Result<Option<User>, AuthorizeError> {
    Ok(Some(User::new(name)))
}

#[test]
fn settings_come_in_any_order() {
    every_order!([] [
        (secret secret())
        (url "https://app.example.com".parse().unwrap())
        (provider Credentials::new(authorize))
        (adapter MemoryAdapter::new())
        (session Jwt::default())
    ]);
    every_order!([] [
        (secret secret())
        (url "https://app.example.com".parse().unwrap())
        (provider Email::new(|_message| async { Ok(()) }))
        (adapter MemoryAdapter::new())
        (session Database::default())
    ]);
    assert_eq!(ORDERS.load(Ordering::Relaxed), 240);
}
