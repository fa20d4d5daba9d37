//! Requests: each has an answer that browsers can read, and none ends in a panic.
//!
//! The input is a method, a path with its query, a content type and a cookie, on a line each, and
//! then the body.

use http::Method;
use serde_json::Value;
use typegate::adapter::MemoryAdapter;
use typegate::provider::{Credentials, Email};
use typegate::rate_limit::Unlimited;
use typegate::testing::{FrozenClock, IdentityProvider};
use typegate::{Auth, AuthorizeError, Jwt, Secret, User};

use crate::browser::cookies_of;
use crate::site::{Asked, NOW, ORIGIN, Panics, SECRET};

fn site() -> (Auth, Panics) {
    let panics = Panics::default();
    let authorize = |form: Value| async move {
        Ok::<_, AuthorizeError>(form["name"].as_str().map(|name| User::new("1").name(name)))
    };
    let clock = FrozenClock::at(NOW);
    let idp = IdentityProvider::new().clock(clock.clone());
    let auth = Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .url(ORIGIN.parse().unwrap())
        .clock(clock)
        .logger(panics.clone())
        .rate_limit(Unlimited)
        .adapter(MemoryAdapter::new())
        .session(Jwt::default())
        .provider(Credentials::new(authorize).text_field("name", "Name"))
        .provider(Email::new(|_| async { Ok(()) }))
        .provider(idp.oidc("idp"))
        .http_client(idp)
        .build()
        .unwrap();
    (auth, panics)
}

pub(crate) fn check(data: &[u8]) {
    thread_local!(static SITE: (Auth, Panics) = site());
    let mut parts = data.splitn(5, |byte| *byte == b'\n');
    let mut line = || parts.next().unwrap_or_default();
    let (method, path, content_type, cookie, body) = (line(), line(), line(), line(), line());
    let Ok(method) = Method::from_bytes(method) else { return };
    let Ok(path) = str::from_utf8(path) else { return };
    let asked = Asked::new(method, &format!("/api/auth/{path}"));
    let asked = asked.header("content-type", content_type).header("cookie", cookie);
    SITE.with(|(auth, panics)| {
        let Some(answer) = asked.of(auth, body.to_vec()) else { return };
        cookies_of(&answer);
        let content_type =
            answer.headers().get("content-type").map(|value| value.to_str().unwrap());
        if content_type.is_some_and(|content_type| content_type.starts_with("application/json")) {
            serde_json::from_slice::<Value>(answer.body()).unwrap();
        } else {
            str::from_utf8(answer.body()).unwrap();
        }
        panics.assert_none();
    });
}
