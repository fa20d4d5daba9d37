//! ID tokens: each signs in the person it names, or nobody, whatever it contains, signed by the
//! provider's own key.
//!
//! The input is the header's JSON on a line and the claims' JSON behind it; `$iss`, `$aud`,
//! `$nonce` and the like stand for what a good token has there.

use std::sync::{Arc, Mutex};

use typegate::testing::{FrozenClock, IdentityProvider};
use typegate::{Auth, Secret};

use crate::browser::Browser;
use crate::json::members;
use crate::site::{NOW, ORIGIN, Panics, SECRET};

struct Site {
    auth: Auth,
    idp: IdentityProvider,
    panics: Panics,
    input: Arc<Mutex<String>>,
    /// The claims as they were signed.
    signed: Arc<Mutex<String>>,
}

impl Site {
    fn new() -> Self {
        let (panics, clock) = (Panics::default(), FrozenClock::at(NOW));
        let idp = IdentityProvider::new().clock(clock.clone());
        let (input, signed) = (Arc::<Mutex<String>>::default(), Arc::<Mutex<String>>::default());
        let (given, noted) = (Arc::clone(&input), Arc::clone(&signed));
        idp.change(|idp| {
            idp.sign = Some(Box::new(move |_, good| {
                let mut text = given.lock().unwrap().clone();
                for (name, value) in good {
                    text = text.replace(&format!("\"${name}\""), &value.to_string());
                }
                let (header, claims) = text.split_once('\n').unwrap_or((&text, ""));
                claims.clone_into(&mut noted.lock().unwrap());
                IdentityProvider::sign(header, claims)
            }));
        });
        let auth = Auth::builder()
            .secret(Secret::new(SECRET).unwrap())
            .url(ORIGIN.parse().unwrap())
            .clock(clock)
            .logger(panics.clone())
            .provider(idp.oidc("idp"))
            .http_client(idp.clone())
            .build()
            .unwrap();
        Self { auth, idp, panics, input, signed }
    }
}

pub(crate) fn check(data: &[u8]) {
    thread_local!(static SITE: Site = Site::new());
    let Ok(given) = str::from_utf8(data) else { return };
    SITE.with(|site| {
        given.clone_into(&mut site.input.lock().unwrap());
        let mut browser = Browser::new(&site.auth);
        let signed_in = browser.sign_in("idp", &site.idp);
        site.panics.assert_none();
        let Some(subject) = signed_in else { return };
        let claims = members(&site.signed.lock().unwrap()).expect("an object");
        let one = |name: &str| {
            let mut named = claims.iter().filter(|(member, _)| member == name);
            let value = named.next().map(|(_, value)| value);
            assert!(named.next().is_none(), "`{name}` is repeated");
            value.unwrap_or_else(|| panic!("there is no `{name}`"))
        };
        assert_eq!(one("sub").as_str(), Some(&*subject));
        assert!(!subject.trim().is_empty());
        assert_eq!(one("iss").as_str(), Some(site.idp.issuer()));
        let audience = one("aud");
        let names_us = |value: &serde_json::Value| value == IdentityProvider::CLIENT_ID;
        assert!(names_us(audience) || audience.as_array().unwrap().iter().any(names_us));
        assert!(one("exp").as_f64().unwrap() > NOW as f64 - 60.0);
        assert!(one("iat").as_f64().unwrap() < NOW as f64 + 60.0);
        assert!(one("nonce").is_string());
    });
}
