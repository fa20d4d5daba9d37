//! Signed session tokens: round trips, forgeries, and keys that are refused.

use serde_json::json;

use super::*;
use crate::error::ErrorCode;
use crate::session::SigningAlgorithm;

const NOW: i64 = 1_700_000_000;

/// RFC 8037 appendix A.1.
const ED25519_JWK: &str = r#"{"kty":"OKP","crv":"Ed25519",
    "d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

fn now() -> Timestamp {
    Timestamp::from_second(NOW).unwrap()
}

fn oct(algorithm: &str, bytes: usize) -> String {
    json!({ "kty": "oct", "alg": algorithm, "k": URL_SAFE_NO_PAD.encode(vec![7; bytes]) })
        .to_string()
}

fn keys(jwk: &str) -> SigningKeys {
    SigningKeys::new(&SigningKey::from_jwk(jwk).unwrap(), &[])
}

fn claims() -> Claims {
    let mut claims = Claims::default();
    claims.insert("sub", "1");
    claims
}

fn signed(jwk: &str) -> String {
    keys(jwk).sign(&mut claims(), now(), 60).unwrap().text
}

/// A token with that header over good claims, signed by the first key of `jwk` all the same.
fn forged(jwk: &str, header: &Value) -> String {
    let payload = json!({ "sub": "1", "exp": NOW + 60 }).to_string();
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(payload)
    );
    let signature = keys(jwk).keys[0].sign(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

#[test]
fn tokens_come_back_and_their_holder_can_read_them() {
    for jwk in [oct("HS256", 32), oct("HS512", 64), ED25519_JWK.to_owned()] {
        let token = signed(&jwk);
        let read = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
        let read: Value = serde_json::from_slice(&read).unwrap();
        assert_eq!(read["sub"], "1");
        assert_eq!(read["exp"], NOW + 60);
        assert_eq!(keys(&jwk).verify(&token, now()).unwrap().subject(), Some("1"));
        let later = Timestamp::from_second(NOW + 60 + 15).unwrap();
        assert_eq!(keys(&jwk).verify(&token, later), Err(TokenRefused::Expired));
    }
}

#[test]
fn the_known_token_of_rfc_7515_verifies() {
    // Appendix A.1, whose claims expired in 2011.
    let jwk = r#"{"kty":"oct","alg":"HS256","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#;
    let token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let then = Timestamp::from_second(1_300_819_000).unwrap();
    let read = keys(jwk).verify(token, then).unwrap();
    assert_eq!(read.get::<String>("iss").as_deref(), Some("joe"));
    let changed = token.replace("dBjft", "dBjfT");
    assert_eq!(keys(jwk).verify(&changed, then), Err(TokenRefused::Signature));
}

#[test]
fn r040_r041_the_algorithm_is_the_keys_and_never_the_tokens() {
    let (hs512, unsupported) =
        (oct("HS512", 64), TokenRefused::KeyUnsupported { supported: "HS512" });
    for name in ["none", "None", "HS256", "RS256", "EdDSA", "hs512"] {
        let token = forged(&hs512, &json!({ "alg": name }));
        assert_eq!(keys(&hs512).verify(&token, now()), Err(unsupported), "{name}");
    }
    assert_eq!(keys(&hs512).verify(&forged(&hs512, &json!({})), now()), Err(unsupported));
    // The public half of an Ed25519 key, which everybody knows, as the secret of an HMAC.
    let public = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    let confused = json!({ "kty": "oct", "alg": "HS256", "k": public }).to_string();
    let refused = keys(ED25519_JWK).verify(&signed(&confused), now());
    assert_eq!(refused, Err(TokenRefused::KeyUnsupported { supported: "EdDSA" }));
    assert!(refused.unwrap_err().to_string().contains("supports EdDSA"));
}

#[test]
fn r044_headers_supply_no_key_and_critical_ones_are_refused() {
    let jwk = oct("HS512", 64);
    let verify = |token: &str| keys(&jwk).verify(token, now());
    assert!(verify(&forged(&jwk, &json!({ "alg": "HS512", "jwk": { "kty": "oct" } }))).is_ok());
    let critical = forged(&jwk, &json!({ "alg": "HS512", "crit": ["exp"] }));
    assert_eq!(verify(&critical), Err(TokenRefused::NotSigned));
    assert_eq!(verify("a.b"), Err(TokenRefused::NotSigned));
    assert_eq!(verify("e30..x"), Err(TokenRefused::NotSigned));
    assert_eq!(verify(&"x".repeat(MAXIMUM_TOKEN_LENGTH + 1)), Err(TokenRefused::Malformed));
}

#[test]
fn an_earlier_key_verifies_and_signs_nothing() {
    let (old, new) = (oct("HS256", 32), oct("HS512", 64));
    let key = |jwk| SigningKey::from_jwk(jwk).unwrap();
    let both = SigningKeys::new(&key(&new), &[key(&old)]);
    assert!(both.verify(&signed(&old), now()).is_ok());
    let token = both.sign(&mut claims(), now(), 60).unwrap().text;
    assert!(keys(&new).verify(&token, now()).is_ok());
    // Each verifies by its own algorithm only.
    assert_eq!(
        keys(&new).verify(&signed(&old), now()),
        Err(TokenRefused::KeyUnsupported { supported: "HS512" })
    );
}

#[test]
fn a_key_id_narrows_the_keys_down() {
    let named = |id: &str| {
        let jwk: Value = serde_json::from_str(&oct("HS512", 64)).unwrap();
        let mut jwk = jwk.as_object().unwrap().clone();
        jwk.insert("kid".into(), id.into());
        Value::Object(jwk).to_string()
    };
    assert!(keys(&named("a")).verify(&signed(&named("a")), now()).is_ok());
    assert_eq!(
        keys(&named("a")).verify(&signed(&named("b")), now()),
        Err(TokenRefused::UnknownKey)
    );
}

#[test]
fn keys_that_cannot_sign_are_refused_under_the_documented_code() {
    let public =
        r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    let stranger = ED25519_JWK.replace("11qYAY", "11qYAZ");
    for (jwk, why) in [
        ("canary".to_owned(), "not a JSON object"),
        (oct("HS384", 64), "its algorithm `HS384` is none of them"),
        (oct("none", 64), "its algorithm `none`"),
        (oct("HS512", 63), "it has 63 bytes, and HS512 needs at least 64"),
        (oct("HS256", 31), "it has 31 bytes"),
        (oct("EdDSA", 64), "does not go with its `alg` EdDSA"),
        (r#"{"kty":"oct","k":"Y2FuYXJ5"}"#.to_owned(), "without `alg`"),
        (r#"{"kty":"RSA","alg":"HS512"}"#.to_owned(), "neither `oct` nor `OKP`"),
        (r#"{"kty":"OKP","crv":"X25519","d":"Y2FuYXJ5","x":"Y2FuYXJ5"}"#.to_owned(), "Ed25519"),
        (public.to_owned(), "it is a public key"),
        (stranger, "do not belong together"),
        (r#"{"kty":"oct","alg":"HS512","k":"+canary/"}"#.to_owned(), "not unpadded base64url"),
        (r#"{"kty":"oct","alg":"HS512","use":"enc","k":"Y2FuYXJ5"}"#.to_owned(), "its `use`"),
        (r#"{"kty":"oct","alg":"HS512","key_ops":["verify"],"k":"Y2FuYXJ5"}"#.to_owned(), "`sign`"),
    ] {
        let error = SigningKey::from_jwk(&jwk).unwrap_err();
        assert_eq!(error.code(), Some(ErrorCode::JwtSession));
        let text = error.to_string();
        assert!(text.contains(why), "{text}");
        assert!(!text.contains("Y2FuYXJ5") && !text.contains("canary"), "{text}");
    }
}

#[test]
fn r110_a_signing_key_does_not_print() {
    let key = SigningKey::from_jwk(ED25519_JWK).unwrap();
    let shown = format!("{key:?} {:?}", SigningKeys::new(&key, &[]));
    assert!(shown.contains("EdDsa") && !shown.contains("nWGx"), "{shown}");
    assert!(!key.public_jwk().unwrap().contains("nWGx"));
}

#[test]
fn new_keys_are_read_back() {
    for algorithm in [SigningAlgorithm::Hs256, SigningAlgorithm::Hs512, SigningAlgorithm::EdDsa] {
        let (one, other) =
            (SigningKey::generate_jwk(algorithm), SigningKey::generate_jwk(algorithm));
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_ne!(one, other);
        let key = SigningKey::from_jwk(&one).unwrap();
        assert_eq!(key.algorithm(), algorithm);
        assert_eq!(key.public_jwk().is_some(), algorithm == SigningAlgorithm::EdDsa);
    }
}
