//! The relying-party modules of the OpenID conformance suite (plans Basic, Form Post and Config,
//! and those of the comprehensive plan that concern the code flow), under the suite's own names.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use typegate::SignatureAlgorithm;
use typegate::provider::{Adjust as _, Adjusted, OAuthKind, Oidc, Provider, ResponseMode};
use url::Url;

use super::support::{BASE, ORIGIN, World, decoy_rsa_key, error, rsa_key, sign_rs256, sign_with};

/// The 14 modules that both plans have; each takes the response mode of its plan.
macro_rules! modules {
    ($($module:ident)*) => {
        mod basic {
            $(#[tokio::test]
            async fn $module() {
                super::$module(typegate::provider::ResponseMode::Query).await;
            })*
        }

        mod form_post {
            $(#[tokio::test]
            async fn $module() {
                super::$module(typegate::provider::ResponseMode::FormPost).await;
            })*

            #[test]
            fn the_plan_has_14_modules() {
                assert_eq!([$(stringify!($module)),*].len(), 14);
            }
        }
    };
}

modules! {
    oidcc_client_test
    oidcc_client_test_invalid_iss
    oidcc_client_test_missing_sub
    oidcc_client_test_invalid_aud
    oidcc_client_test_missing_iat
    oidcc_client_test_kid_absent_single_jwks
    oidcc_client_test_kid_absent_multiple_jwks
    oidcc_client_test_idtoken_sig_rs256
    oidcc_client_test_idtoken_sig_none
    oidcc_client_test_invalid_sig_rs256
    oidcc_client_test_userinfo_invalid_sub
    oidcc_client_test_nonce_invalid
    oidcc_client_test_scope_userinfo_claims
    oidcc_client_test_client_secret_basic
}

fn world(mode: ResponseMode) -> World {
    world_with(mode, |oidc| oidc)
}

fn world_with<P: Provider<Kind = OAuthKind>>(
    mode: ResponseMode,
    change: impl FnOnce(Adjusted<Oidc>) -> P,
) -> World {
    World::with_provider(|oidc| change(oidc.response_mode(mode)))
}

/// The login succeeds.
async fn expect_login(world: &mut World) {
    let answer = world.sign_in("idp").await;
    // The callback URL's cookie does not come along with a form of another site.
    assert!([ORIGIN, &format!("{ORIGIN}/next")].contains(&answer.location()));
    assert_eq!(world.browser.session().await["user"]["name"], "Jane Doe");
}

async fn expect_refusal_of_claim(mode: ResponseMode, name: &'static str, value: Option<Value>) {
    let mut world = world(mode);
    world.idp.change(|idp| drop(idp.claims.insert(name, value)));
    world.expect_refusal(name).await;
}

async fn oidcc_client_test(mode: ResponseMode) {
    expect_login(&mut world(mode)).await;
}

async fn oidcc_client_test_invalid_iss(mode: ResponseMode) {
    expect_refusal_of_claim(mode, "iss", Some(json!("https://other.example"))).await;
}

async fn oidcc_client_test_missing_sub(mode: ResponseMode) {
    expect_refusal_of_claim(mode, "sub", None).await;
}

async fn oidcc_client_test_invalid_aud(mode: ResponseMode) {
    expect_refusal_of_claim(mode, "aud", Some(json!("another client"))).await;
}

#[tokio::test]
async fn oidcc_client_test_missing_aud() {
    expect_refusal_of_claim(ResponseMode::Query, "aud", None).await;
}

async fn oidcc_client_test_missing_iat(mode: ResponseMode) {
    expect_refusal_of_claim(mode, "iat", None).await;
}

async fn oidcc_client_test_nonce_invalid(mode: ResponseMode) {
    expect_refusal_of_claim(mode, "nonce", Some(json!("another"))).await;
}

#[tokio::test]
async fn oidcc_client_test_invalid_athash() {
    expect_refusal_of_claim(ResponseMode::Query, "at_hash", Some(json!("AAAAAAAAAAAAAAAAAAAAAA")))
        .await;
}

async fn oidcc_client_test_kid_absent_single_jwks(mode: ResponseMode) {
    let mut world = world(mode);
    world.idp.change(|idp| {
        idp.header = json!({ "alg": "RS256" });
        // Keys of other kinds are no candidates.
        let symmetric = json!({ "kty": "oct", "k": "c2VjcmV0", "alg": "HS256" });
        idp.keys = json!({ "keys": [symmetric, rsa_key("one")] });
    });
    expect_login(&mut world).await;
}

async fn oidcc_client_test_kid_absent_multiple_jwks(mode: ResponseMode) {
    let mut world = world(mode);
    world.idp.change(|idp| {
        idp.header = json!({ "alg": "RS256" });
        idp.keys = json!({ "keys": [rsa_key("one"), decoy_rsa_key("two")] });
    });
    world.expect_refusal("no kid").await;
}

async fn oidcc_client_test_idtoken_sig_rs256(mode: ResponseMode) {
    let mut world = world(mode);
    world.idp.change(|idp| {
        idp.keys = json!({ "keys": [decoy_rsa_key("two"), rsa_key("one")] });
    });
    expect_login(&mut world).await;
}

async fn oidcc_client_test_idtoken_sig_none(mode: ResponseMode) {
    let mut world = world(mode);
    world.idp.change(|idp| {
        idp.sign = Some(Box::new(|_, claims| {
            sign_with(r#"{"alg":"none"}"#, &Value::Object(claims.clone()).to_string(), |_| vec![])
        }));
    });
    world.expect_refusal("none").await;
}

async fn oidcc_client_test_invalid_sig_rs256(mode: ResponseMode) {
    let mut world = world(mode);
    world.idp.change(|idp| idp.keys = json!({ "keys": [decoy_rsa_key("one")] }));
    world.expect_refusal("the signature").await;
}

/// A key pair on P-256 and its public half.
fn es256() -> (EcdsaKeyPair, Value) {
    let random = ring::rand::SystemRandom::new();
    let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap();
    let point = pair.public_key().as_ref();
    let [x, y] = [&point[1..33], &point[33..]].map(|half| BASE64URL.encode(half));
    let key = json!({ "kty": "EC", "crv": "P-256", "kid": "ec", "x": x, "y": y });
    (pair, key)
}

async fn with_es256(corrupt: bool) -> World {
    let world = World::with_provider(|oidc| oidc.id_token_algorithm(SignatureAlgorithm::Es256));
    let (pair, key) = es256();
    world.idp.change(|idp| {
        idp.keys = json!({ "keys": [key] });
        idp.header = json!({ "alg": "ES256", "kid": "ec" });
        idp.sign = Some(Box::new(move |header, claims| {
            let claims = Value::Object(claims.clone()).to_string();
            sign_with(&header.to_string(), &claims, |message| {
                let random = ring::rand::SystemRandom::new();
                let mut signature = pair.sign(&random, message).unwrap().as_ref().to_vec();
                signature[40] ^= u8::from(corrupt);
                signature
            })
        }));
    });
    world
}

#[tokio::test]
async fn oidcc_client_test_invalid_sig_es256() {
    expect_login(&mut with_es256(false).await).await;
    with_es256(true).await.expect_refusal("the signature").await;
}

#[tokio::test]
async fn oidcc_client_test_invalid_sig_hs256() {
    for (secret, good) in [("s:e%c+r é/t", true), ("another", false), ("", false)] {
        let mut world =
            World::with_provider(|oidc| oidc.id_token_algorithm(SignatureAlgorithm::Hs256));
        world.idp.change(|idp| {
            idp.header = json!({ "alg": "HS256" });
            idp.sign = Some(Box::new(move |header, claims| {
                let claims = Value::Object(claims.clone()).to_string();
                let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
                sign_with(&header.to_string(), &claims, |message| {
                    ring::hmac::sign(&key, message).as_ref().to_vec()
                })
            }));
        });
        match good {
            true => expect_login(&mut world).await,
            false => world.expect_refusal(secret).await,
        }
    }
}

async fn oidcc_client_test_userinfo_invalid_sub(mode: ResponseMode) {
    let mut world = world_with(mode, |oidc| oidc.fetch_user_info(true));
    world.idp.change(|idp| idp.user_info["sub"] = "somebody else".into());
    world.expect_refusal("another subject").await;
}

#[tokio::test]
async fn oidcc_client_test_nonce_unless_code_flow() {
    let mut world = World::new();
    let answer = world.browser.post("/api/auth/signin/idp", &[]).await;
    let url = Url::parse(answer.location()).unwrap();
    assert!(url.query_pairs().any(|(name, value)| name == "nonce" && value.len() == 43));
}

async fn oidcc_client_test_scope_userinfo_claims(mode: ResponseMode) {
    let mut world = world_with(mode, |oidc| oidc.fetch_user_info(true));
    world.idp.change(|idp| {
        for name in ["name", "email", "picture"] {
            idp.claims.insert(name, None);
        }
        idp.user_info = json!({
            "sub": "248289761001", "name": "Jane Doe", "email": "JANE@example.com",
            "picture": "https://id.example/p",
        });
    });
    expect_login(&mut world).await;
    let user = json!({
        "name": "Jane Doe", "email": "jane@example.com", "image": "https://id.example/p",
    });
    assert_eq!(world.browser.session().await["user"], user);
}

async fn oidcc_client_test_client_secret_basic(mode: ResponseMode) {
    let mut world = world(mode);
    expect_login(&mut world).await;
    let requests = world.idp.requests();
    let token_request = requests.iter().find(|request| request.url.path() == "/token").unwrap();
    // What stands in it was decoded and compared by the provider.
    assert!(token_request.headers["authorization"].to_str().unwrap().starts_with("Basic "));
}

#[tokio::test]
async fn oidcc_client_test_userinfo_bearer_header() {
    let mut world = World::with_provider(|oidc| oidc.fetch_user_info(true));
    expect_login(&mut world).await;
    let requests = world.idp.requests();
    let user_info = requests.iter().find(|request| request.url.path() == "/userinfo").unwrap();
    assert_eq!(user_info.headers["authorization"], "Bearer at-secret-1");
    assert_eq!(user_info.url.query(), None);
}

#[tokio::test]
async fn oidcc_client_test_form_post_error() {
    let mut world = World::new();
    let fields = [("error", "access_denied"), ("state", "x")];
    let answer = world.browser.submit("/api/auth/callback/idp", &fields).await;
    assert_eq!(answer.outline()[0], error("Callback"));
    assert_eq!(world.browser.session().await, json!({}));
}

#[tokio::test]
async fn oidcc_client_test_discovery_openid_config_and_jwks_uri_keys() {
    let mut world = World::new();
    let names = [("token_endpoint", "/t0ken"), ("jwks_uri", "/k3ys")];
    for (name, path) in names {
        world.idp.change(|idp| idp.document[name] = format!("https://id.example{path}").into());
    }
    world.idp.break_endpoint("/t0ken", 500, "{}");
    world.expect_refusal("the token endpoint of the document is broken").await;
    assert_eq!(world.idp.paths(), ["/t0ken"]);

    let mut world = World::new();
    world.idp.change(|idp| idp.document["jwks_uri"] = "https://id.example/k3ys".into());
    world.idp.break_endpoint("/k3ys", 200, &json!({ "keys": [rsa_key("one")] }).to_string());
    expect_login(&mut world).await;
    assert_eq!(world.idp.paths(), ["/token", "/k3ys"]);
}

#[tokio::test]
async fn oidcc_client_test_discovery_issuer_mismatch() {
    let mut world = World::new();
    world.idp.change(|idp| idp.document["issuer"] = "https://other.example".into());
    let answer = world.browser.post("/api/auth/signin/idp", &[]).await;
    assert_eq!(answer.outline(), [format!("302 {BASE}/error?error=OAuthSignin")]);
}

#[tokio::test]
async fn oidcc_client_test_signing_key_rotation() {
    let mut world = World::new();
    world.idp.change(|idp| {
        idp.header = json!({ "alg": "RS256", "kid": "old" });
        idp.keys = json!({ "keys": [rsa_key("old")] });
    });
    expect_login(&mut world).await;
    world.idp.change(|idp| {
        idp.header = json!({ "alg": "RS256", "kid": "new" });
        idp.keys = json!({ "keys": [rsa_key("new")] });
    });
    expect_login(&mut world).await;
}

#[tokio::test]
async fn oidcc_client_test_signing_key_rotation_just_before_signing() {
    let mut world = World::new();
    world.idp.change(|idp| idp.keys = json!({ "keys": [decoy_rsa_key("old")] }));
    world.expect_refusal("the key is not published yet").await;
    world.clock.advance(61);
    let back = world.start("idp").await;
    world.idp.change(|idp| idp.keys = json!({ "keys": [rsa_key("one")] }));
    assert_eq!(world.browser.get(&back).await.location(), format!("{ORIGIN}/next"));
    assert_eq!(world.idp.paths(), ["/token", "/keys"]);
}

#[tokio::test]
async fn oidcc_client_test_aggregated_and_distributed_claims() {
    let mut world = World::new();
    world.idp.change(|idp| {
        let sources = json!({
            "a": { "JWT": sign_rs256(r#"{"alg":"RS256"}"#, r#"{"name":"Mallory"}"#) },
            "b": { "endpoint": "https://id.example/claims", "access_token": "x" },
        });
        idp.claims.insert("_claim_names", Some(json!({ "name": "a", "email": "b" })));
        idp.claims.insert("_claim_sources", Some(sources));
    });
    expect_login(&mut world).await;
    assert_eq!(world.idp.paths(), ["/token", "/keys"]);
}
