//! Session tokens that are signed instead of encrypted.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use typegate::{Jwt, SigningAlgorithm, SigningKey};

use super::support::{SECRET, World, credentials, seal, site, world};

const NAME: &str = "next-auth.session-token";

fn key(jwk: &str) -> SigningKey {
    SigningKey::from_jwk(jwk).unwrap()
}

fn jwk(algorithm: SigningAlgorithm) -> String {
    SigningKey::generate_jwk(algorithm).unwrap()
}

fn start(strategy: impl Into<Jwt>) -> World {
    world!(site => site.provider(credentials()).session(strategy.into()).build().unwrap())
}

/// The session cookie of somebody who signs in.
async fn token(strategy: impl Into<Jwt>) -> String {
    let mut world = start(strategy);
    let answer = world.browser.sign_in_with_credentials().await;
    answer.cookie(NAME).unwrap().value.clone()
}

#[tokio::test]
async fn everybody_reads_the_claims_and_the_server_takes_them_back() {
    for algorithm in [SigningAlgorithm::Hs256, SigningAlgorithm::Hs512, SigningAlgorithm::EdDsa] {
        let mut world = start(Jwt::default().signed(key(&jwk(algorithm))));
        let answer = world.browser.sign_in_with_credentials().await;
        let token = answer.cookie(NAME).unwrap().value.clone();
        let part = |n| URL_SAFE_NO_PAD.decode(token.split('.').nth(n).unwrap()).unwrap();
        let header: Value = serde_json::from_slice(&part(0)).unwrap();
        let claims: Value = serde_json::from_slice(&part(1)).unwrap();
        assert_eq!(header["alg"], algorithm.as_str());
        assert_eq!(claims["sub"], "1");
        let user = json!({ "name": "Ada Lovelace", "email": "ada@example.com" });
        assert_eq!(world.browser.session().await["user"], user);
    }
}

#[tokio::test]
async fn a_token_of_another_algorithm_is_logged_as_documented() {
    let foreign = token(Jwt::default().signed(key(&jwk(SigningAlgorithm::Hs256)))).await;
    let own = SigningKey::generate_jwk(SigningAlgorithm::Hs512).unwrap();
    // Without the key ids, which would refuse it earlier.
    let mut own: Value = serde_json::from_str(&own).unwrap();
    own.as_object_mut().unwrap().remove("kid");
    let mut world = start(Jwt::default().signed(key(&own.to_string())));
    world.browser.jar.plant(NAME, &foreign);
    let answer = world.browser.get("/api/auth/session").await;
    assert_eq!(answer.outline(), ["200 {}", "csrf-token", "callback-url", "-session-token"]);
    let lines = world.lines.take();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].code, "JWT_SESSION_ERROR");
    let text = &lines[0].message;
    assert!(text.contains("supports HS512 and not the algorithm that the token says"), "{text}");
    assert!(text.contains("`typegate newkey`"), "{text}");
}

#[tokio::test]
async fn neither_format_is_taken_for_the_other() {
    let strategy = Jwt::default().signed(key(&jwk(SigningAlgorithm::Hs512)));
    let signed = token(strategy.clone()).await;
    let mut encrypting = start(Jwt::default());
    encrypting.browser.jar.plant(NAME, &signed);
    assert_eq!(encrypting.browser.session().await, json!({}));

    let sealed = seal(&json!({ "sub": "1", "exp": 4_000_000_000_u64 }), SECRET, "");
    let mut signing = start(strategy);
    signing.browser.jar.plant(NAME, &sealed);
    assert_eq!(signing.browser.session().await, json!({}));
    // Unsigned, in the classic form.
    let payload = signed.split('.').nth(1).unwrap();
    let unsigned = format!("{}.{payload}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#));
    signing.browser.jar.plant(NAME, &unsigned);
    assert_eq!(signing.browser.session().await, json!({}));
}

#[tokio::test]
async fn a_key_that_was_in_use_before_still_verifies() {
    let old = jwk(SigningAlgorithm::EdDsa);
    let token = token(Jwt::default().signed(key(&old))).await;
    let new = key(&jwk(SigningAlgorithm::Hs512));
    let mut world = start(Jwt::default().signed(new).previous_signing_key(key(&old)));
    world.browser.jar.plant(NAME, &token);
    let answer = world.browser.get("/api/auth/session").await;
    assert_eq!(answer.json()["user"]["name"], "Ada Lovelace");
    // Renewed by the new key.
    let renewed = &answer.cookie(NAME).unwrap().value;
    let header = URL_SAFE_NO_PAD.decode(renewed.split('.').next().unwrap()).unwrap();
    assert!(String::from_utf8(header).unwrap().contains("HS512"));
}

#[test]
fn a_previous_key_without_a_key_is_refused() {
    let strategy = Jwt::default().previous_signing_key(key(&jwk(SigningAlgorithm::Hs512)));
    let clock = typegate::testing::FrozenClock::at(0);
    let refused = site!(clock).provider(credentials()).session(strategy).build().unwrap_err();
    assert!(refused.to_string().contains("no effect"), "{refused}");
}
