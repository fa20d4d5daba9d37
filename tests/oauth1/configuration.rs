//! The configuration of an OAuth 1.0a provider.

use std::sync::{Arc, Mutex};

use typegate::hooks::Events;
use typegate::provider::SignatureMethod;
use typegate::{Account, Auth, ConfigError, Secret};

use super::world::{SITE, Trails, World};

fn build(trails: Trails) -> Result<Auth, ConfigError> {
    Auth::builder()
        .secret(Secret::new("a secret for tests, long enough for all of us").unwrap())
        .url(SITE.parse().unwrap())
        .provider(trails)
        .build()
}

/// What the `signIn` event tells of the account.
pub(crate) async fn accounts_after_a_sign_in() -> Vec<Account> {
    let accounts: Arc<Mutex<Vec<Account>>> = Arc::default();
    let kept = Arc::clone(&accounts);
    let mut world = World::new();
    world.auth = Auth::builder()
        .secret(Secret::new("a secret for tests, long enough for all of us").unwrap())
        .url(SITE.parse().unwrap())
        .provider(Trails::default())
        .http_client(world.provider.client())
        .events(Events::new().sign_in(move |signed_in| {
            kept.lock().unwrap().push(signed_in.account);
            async { Ok(()) }
        }))
        .build()
        .unwrap();
    world.start().await;
    world.come_back_rightly().await;
    std::mem::take(&mut *accounts.lock().unwrap())
}

#[test]
fn r022_endpoints_are_https_or_on_a_loopback_host() {
    for signature in [SignatureMethod::HmacSha1, SignatureMethod::Plaintext] {
        for (address, accepted) in [
            ("https://provider.example", true),
            ("http://127.0.0.1:8080", true),
            ("http://localhost:8080", true),
            ("http://provider.example", false),
            ("ftp://provider.example", false),
            ("provider.example", false),
        ] {
            let trails = Trails { address: address.into(), signature, ..Trails::default() };
            assert_eq!(build(trails).is_ok(), accepted, "{address}");
        }
    }
}

#[test]
fn an_empty_client_key_is_refused() {
    let error = build(Trails { key: String::new(), ..Trails::default() }).unwrap_err();
    assert!(error.to_string().contains("client key"), "{error}");
}

#[tokio::test]
async fn clients_see_a_provider_of_the_type_oauth() {
    let mut world = World::new();
    let response = world.get("/api/auth/providers").await;
    let providers: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(providers["trails"]["type"], "oauth");
    let page = world.get("/api/auth/signin").await;
    let page = std::str::from_utf8(page.body()).unwrap();
    assert!(page.contains("Sign in with </span>Trails"), "{page}");
}
