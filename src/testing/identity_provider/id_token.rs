//! The ID token (OpenID Connect Core section 2), or what a fault makes of it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use super::IdentityProvider;
use super::behaviour::{Behaviour, State, overlay, set};
use super::fault::Fault;
use super::grant::object;
use crate::jose::{JwsSigner, SignatureAlgorithm};
use crate::model::JsonObject;

pub(super) fn id_token(
    state: &State,
    issuer: &str,
    now: i64,
    nonce: Option<String>,
    access_token: &str,
) -> String {
    let hash = digest(&SHA256, access_token.as_bytes());
    let half = hash.as_ref().get(..16).unwrap_or_default();
    let behaviour = &state.behaviour;
    let mut claims = object(json!({
        "iss": issuer,
        "sub": IdentityProvider::SUBJECT,
        "aud": behaviour.client_id,
        "exp": now + 3600,
        "iat": now,
        "auth_time": now,
        "at_hash": URL_SAFE_NO_PAD.encode(half),
        "name": "Jane Doe",
        "email": "Jane@Example.com",
        "picture": "https://id.example/jane.png",
    }));
    if let Some(nonce) = nonce {
        claims.insert("nonce".into(), nonce.into());
    }
    overlay(&mut claims, &behaviour.claims);
    if let Some(fault) = state.fault {
        spoil(&mut claims, fault, now);
    }
    if let Some(sign) = &behaviour.sign {
        return sign(&behaviour.header, &claims);
    }
    signed(behaviour, behaviour.header.clone(), state.fault, &Value::Object(claims).to_string())
}

/// The compact form with the provider's signature, or what a fault makes of it.
pub(super) fn signed(
    behaviour: &Behaviour,
    mut header: Value,
    fault: Option<Fault>,
    payload: &str,
) -> String {
    let sign = |header: &Value| IdentityProvider::sign(&header.to_string(), payload);
    match fault {
        Some(Fault::Unsigned) => {
            let encode = |part: &str| URL_SAFE_NO_PAD.encode(part);
            format!("{}.{}.", encode(r#"{"alg":"none"}"#), encode(payload))
        }
        Some(Fault::BrokenSignature) => {
            // The other payload's signature.
            let other = IdentityProvider::sign(&header.to_string(), "{}");
            let (good, signature) = (sign(&header), other.rsplit('.').next().unwrap_or_default());
            let signed = good.rsplit_once('.').map(|(signed, _)| signed).unwrap_or_default();
            format!("{signed}.{signature}")
        }
        Some(Fault::PublicKeyAsSecret) => {
            let key = behaviour.keys.pointer("/keys/0/n").and_then(Value::as_str);
            let modulus = URL_SAFE_NO_PAD.decode(key.unwrap_or_default()).unwrap_or_default();
            let header = json!({ "alg": "HS256", "kid": "one" });
            by(&JwsSigner::hmac(&modulus), &header, payload)
        }
        Some(Fault::KeyInTheHeader) => {
            match JwsSigner::generate(SignatureAlgorithm::Es256, "own") {
                Ok(key) => {
                    header = json!({ "alg": "ES256", "jwk": key.public_jwk() });
                    by(&key, &header, payload)
                }
                Err(_) => String::new(),
            }
        }
        Some(Fault::UnknownKey) => {
            set(&mut header, "kid", "unknown");
            sign(&header)
        }
        Some(Fault::CriticalHeader) => {
            set(&mut header, "crit", json!(["bork"]));
            sign(&header)
        }
        _ => sign(&header),
    }
}

fn by(key: &JwsSigner, header: &Value, payload: &str) -> String {
    key.sign_parts(header.to_string().as_bytes(), payload.as_bytes()).unwrap_or_default()
}

/// Changes the one claim that a fault is about.
pub(super) fn spoil(claims: &mut JsonObject, fault: Fault, now: i64) {
    let client = claims.get("aud").cloned().unwrap_or_default();
    let mut set = |name: &str, value: Value| drop(claims.insert(name.into(), value));
    match fault {
        Fault::WrongIssuer => set("iss", json!("https://other.example")),
        Fault::EmptySubject => set("sub", json!("")),
        Fault::NumericSubject => set("sub", json!(248_289_761_001_i64)),
        Fault::WrongAudience => set("aud", json!("another client")),
        Fault::NoAuthorizedParty => set("aud", json!([client, "another client"])),
        Fault::WrongAuthorizedParty => set("azp", json!("another client")),
        Fault::Expired => set("exp", json!(now - 60)),
        Fault::ExpiryAsText => set("exp", json!((now + 3600).to_string())),
        Fault::IssuedInTheFuture => set("iat", json!(now + 3600)),
        Fault::NotYetValid => set("nbf", json!(now + 3600)),
        Fault::WrongNonce => set("nonce", json!("another")),
        Fault::WrongAccessTokenHash => set("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")),
        Fault::MissingIssuer => drop(claims.remove("iss")),
        Fault::MissingSubject => drop(claims.remove("sub")),
        Fault::MissingAudience => drop(claims.remove("aud")),
        Fault::MissingExpiry => drop(claims.remove("exp")),
        Fault::MissingIssuedAt => drop(claims.remove("iat")),
        Fault::MissingNonce => drop(claims.remove("nonce")),
        _ => {}
    }
}
