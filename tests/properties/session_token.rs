//! Session tokens: one is opened if it was sealed here, to the letter, and never otherwise.

use http::HeaderMap;
use http::header::{AUTHORIZATION, COOKIE};
use typegate::provider::catalog::GitHub;
use typegate::testing::FrozenClock;
use typegate::{Auth, Secret};

use crate::site::NOW;

const GOOD: &str = include_str!("../../fuzz/seeds/session_token/next_auth");

fn site() -> Auth {
    Auth::builder()
        .secret(Secret::new("n7x1Uo4yQmD1Ci2kQ2jR9mVh3yq0o5nUeH3d7dQ0tqk=").unwrap())
        .url("https://app.example.com".parse().unwrap())
        .clock(FrozenClock::at(NOW))
        .provider(GitHub::new("client id", "client secret".into()))
        .build()
        .unwrap()
}

pub(crate) fn check(data: &[u8]) {
    thread_local!(static SITE: Auth = site());
    SITE.with(|site| {
        for (name, start) in
            [(COOKIE, &b"__Secure-next-auth.session-token="[..]), (AUTHORIZATION, &b"Bearer "[..])]
        {
            let Ok(value) = [start, data].concat().try_into() else { return };
            let claims = site.claims(&HeaderMap::from_iter([(name, value)]));
            if let Some(claims) = claims {
                // A browser takes blanks and what stands behind a semicolon for itself.
                let sent = String::from_utf8_lossy(data);
                assert!(sent.contains(GOOD.trim()) || sent.contains('%'), "{sent}");
                assert_eq!(claims.subject(), Some("user-2"));
            }
        }
    });
}
