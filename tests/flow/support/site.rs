//! The application under test.

use serde::Deserialize;
use typegate::provider::Credentials;
use typegate::provider::catalog::GitHub;
use typegate::testing::FrozenClock;
use typegate::{Auth, AuthorizeError, Secret, SiteUrl, User};

use super::Lines;

pub(crate) const NOW: i64 = 1_700_000_000;
pub(crate) const SECRET: &str = "a secret for tests, long enough for all of us";
pub(crate) const ORIGIN: &str = "http://localhost:3000";
pub(crate) const BASE: &str = "http://localhost:3000/api/auth";

/// A configuration of a site on localhost, or elsewhere, that still needs a provider. A macro,
/// because the builder's type is nobody's business.
macro_rules! site {
    ($clock:expr) => {
        $crate::support::site!($clock, $crate::support::ORIGIN)
    };
    ($clock:expr, $url:expr) => {
        typegate::Auth::builder()
            .secret(typegate::Secret::new($crate::support::SECRET).unwrap())
            .url($url.parse().unwrap())
            .clock($clock.clone())
    };
}

pub(crate) use site;

/// A site at an address, and what it logs.
pub(crate) fn site_at(url: SiteUrl) -> (Auth, Lines) {
    let lines = Lines::default();
    let auth = Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .url(url)
        .clock(FrozenClock::at(NOW))
        .provider(GitHub::new("id", "secret".into()))
        .logger(lines.clone())
        .build()
        .unwrap();
    (auth, lines)
}

#[derive(Deserialize)]
struct Login {
    username: String,
    password: String,
}

/// Knows `ada` with the password `1815`; `broken` and `locked` fail in two ways.
pub(crate) fn credentials() -> Credentials {
    let authorize = |login: Login| async move {
        match (login.username.as_str(), login.password.as_str()) {
            ("ada", "1815") => {
                Ok(Some(User::new("1").name("Ada Lovelace").email("ada@example.com")))
            }
            ("broken", _) => Err(AuthorizeError::failed("the directory at 10.0.0.7 is down")),
            ("locked", _) => Err(AuthorizeError::visible("Locked <b>& gone</b>\r\nX: y")),
            _ => Ok(None),
        }
    };
    Credentials::new(authorize).text_field("username", "User name").password_field()
}
