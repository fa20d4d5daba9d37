//! Isolation: neither providers nor people get in each other's way.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http::{Request, Response};
use serde_json::json;
use typegate::testing::FrozenClock;
use typegate::{BoxError, HttpClient};

use super::support::{Browser, IdentityProvider, NOW, ORIGIN, parameter, site};

/// One provider takes every request and never answers.
struct OneHangs {
    good: IdentityProvider,
    asked: Arc<AtomicUsize>,
}

impl HttpClient for OneHangs {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, BoxError> {
        match request.uri().host() {
            Some("hangs.example") => {
                self.asked.fetch_add(1, Ordering::SeqCst);
                pending().await
            }
            _ => self.good.answer(&request),
        }
    }
}

#[tokio::test]
async fn r036_a_provider_that_hangs_holds_up_nobody_else() {
    let clock = FrozenClock::at(NOW);
    let good = IdentityProvider::new(&clock);
    let asked = Arc::new(AtomicUsize::new(0));
    let hangs = IdentityProvider::at("https://hangs.example", &clock);
    let auth = site!(clock)
        .provider(hangs.oidc_as("hangs"))
        .provider(good.oidc_as("good"))
        .http_client(OneHangs { good: good.clone(), asked: Arc::clone(&asked) })
        .build()
        .unwrap();
    let mut waiting = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let mut browser = Browser::new(&auth, &clock);
        waiting.spawn(async move { browser.post("/api/auth/signin/hangs", &[]).await.outline() });
    }
    while asked.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    let mut browser = Browser::new(&auth, &clock);
    let away = browser.post("/api/auth/signin/good", &[]).await;
    let back = good.response(away.location());
    assert_eq!(browser.bring(&back).await.location(), ORIGIN);
    assert_eq!(browser.session().await["user"]["name"], "Jane Doe");
    assert_eq!(browser.post("/api/auth/signout", &[]).await.location(), ORIGIN);
    assert_eq!(browser.session().await, json!({}));
    assert!(waiting.try_join_next().is_none());
    waiting.abort_all();
}

#[tokio::test(flavor = "multi_thread")]
async fn r037_a_thousand_people_at_once_are_nobody_but_themselves() {
    let clock = FrozenClock::at(NOW);
    let idp = IdentityProvider::new(&clock);
    // Who signs in is named after the nonce of this very sign-in.
    idp.change(|idp| {
        idp.sign = Some(Box::new(|header, claims| {
            let mut claims = claims.clone();
            let nonce = claims["nonce"].clone();
            claims.insert("sub".into(), nonce.clone());
            claims.insert("name".into(), nonce);
            super::support::sign_rs256(
                &header.to_string(),
                &serde_json::to_string(&claims).unwrap(),
            )
        }));
    });
    let auth = site!(clock)
        .provider(idp.oidc())
        .http_client(super::support::client_of(&[&idp]))
        .build()
        .unwrap();
    let mut everybody = tokio::task::JoinSet::new();
    for _ in 0..1000 {
        let (mut browser, idp) = (Browser::new(&auth, &clock), idp.clone());
        everybody.spawn(async move {
            let away = browser.post("/api/auth/signin/idp", &[]).await;
            let own = parameter(away.location(), "nonce");
            let back = idp.response(away.location());
            tokio::task::yield_now().await;
            browser.bring(&back).await;
            (own, browser.session().await["user"]["name"].clone())
        });
    }
    let pairs = everybody.join_all().await;
    assert_eq!(pairs.len(), 1000);
    for (own, seen) in pairs {
        assert_eq!(seen, own);
    }
    // Document and keys were had once for all of them.
    let paths = idp.paths();
    let count = |path: &str| paths.iter().filter(|asked| *asked == path).count();
    assert_eq!((count("/.well-known/openid-configuration"), count("/keys")), (1, 1));
}
