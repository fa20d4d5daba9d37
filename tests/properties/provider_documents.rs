//! Discovery documents and key sets: only the holder of the right key signs anybody in.
//!
//! The input is the discovery document and, after an empty line, the key set; `$issuer` stands for
//! the issuer, `$key` for the key that signs.

use typegate::testing::{FrozenClock, IdentityProvider};
use typegate::{Auth, Secret};

use crate::browser::Browser;
use crate::site::{NOW, ORIGIN, Panics, SECRET};

fn site() -> (Auth, IdentityProvider, Panics) {
    let (panics, clock) = (Panics::default(), FrozenClock::at(NOW));
    let idp = IdentityProvider::new().clock(clock.clone());
    let auth = Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .url(ORIGIN.parse().unwrap())
        .clock(clock)
        .logger(panics.clone())
        .provider(idp.oidc("idp"))
        .http_client(idp.clone())
        .build()
        .unwrap();
    (auth, idp, panics)
}

pub(crate) fn check(data: &[u8]) {
    let Ok(given) = str::from_utf8(data) else { return };
    // A new one each time: documents that were good once are kept for an outage.
    let (auth, idp, panics) = site();
    let key = IdentityProvider::public_key("one");
    let text = given.replace("$issuer", idp.issuer()).replace("\"$key\"", &key.to_string());
    let (document, keys) = text.split_once("\n\n").unwrap_or((&text, "{}"));
    idp.break_endpoint("/.well-known/openid-configuration", 200, document);
    idp.break_endpoint("/keys", 200, keys);
    let subject = Browser::new(&auth).sign_in("idp", &idp);
    panics.assert_none();
    if let Some(subject) = subject {
        assert_eq!(subject, IdentityProvider::SUBJECT);
        let has = |name: &str| text.contains(key[name].as_str().unwrap());
        // Other spellings of the same number are the same key.
        assert!(has("n") || text.contains('\\') || text.contains('='), "{text}");
    }
}
