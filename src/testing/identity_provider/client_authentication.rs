//! Client authentication (RFC 6749 section 2.3, RFC 7523 section 3).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use serde_json::Value;

use super::behaviour::{Received, State};
use crate::crypto::secret::ClientSecret;
use crate::jose::{KeySet, SignatureAlgorithm, SignedToken};
use crate::model::JsonObject;

const ALGORITHMS: [SignatureAlgorithm; 4] = [
    SignatureAlgorithm::Rs256,
    SignatureAlgorithm::Es256,
    SignatureAlgorithm::Es384,
    SignatureAlgorithm::EdDsa,
];

/// Exactly one way counts, and nothing of it stands anywhere else. `none` counts if the metadata
/// announce it and nothing else.
pub(super) fn is_authenticated(
    state: &mut State,
    issuer: &str,
    now: i64,
    request: &Received,
) -> bool {
    let field = |name: &str| request.form.get(name).map(String::as_str);
    let behaviour = &state.behaviour;
    let id = behaviour.client_id.as_str();
    if request.url.query().is_some() {
        return false;
    }
    let basic =
        request.headers.get(AUTHORIZATION).map(|header| header.to_str().unwrap_or_default());
    match (basic, field("client_secret"), field("client_assertion")) {
        (Some(header), None, None) => {
            let pair = basic_pair(header);
            pair.is_some_and(|(name, secret)| name == id && is_secret(state, &secret, now))
        }
        (None, Some(secret), None) => {
            field("client_id") == Some(id) && is_secret(state, secret, now)
        }
        (None, None, Some(assertion)) => {
            field("client_assertion_type")
                == Some("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
                && field("client_id").is_none_or(|given| given == id)
                && is_statement(state, issuer, now, assertion)
        }
        (None, None, None) => {
            let methods = behaviour.document.get("token_endpoint_auth_methods_supported");
            field("client_id") == Some(id) && methods == Some(&serde_json::json!(["none"]))
        }
        _ => false,
    }
}

fn basic_pair(header: &str) -> Option<(String, String)> {
    let pair = STANDARD.decode(header.strip_prefix("Basic ")?).ok()?;
    let pair = String::from_utf8(pair).ok()?;
    let (id, secret) = pair.split_once(':')?;
    let decode = |text: &str| {
        let form = format!("x={text}");
        form_urlencoded::parse(form.as_bytes()).next().map(|(_, value)| value.into_owned())
    };
    Some((decode(id)?, decode(secret)?))
}

/// The secret, or one that the client made by its key.
fn is_secret(state: &State, secret: &str, now: i64) -> bool {
    let behaviour = &state.behaviour;
    if secret == behaviour.client_secret {
        return true;
    }
    verified(secret, &behaviour.client_keys).is_some_and(|claims| {
        let number = |name: &str| claims.get(name).and_then(Value::as_i64).unwrap_or_default();
        claims.get("sub").and_then(Value::as_str) == Some(&behaviour.client_id)
            && (number("iat")..number("exp")).contains(&now)
    })
}

fn verified(token: &str, keys: &Value) -> Option<JsonObject> {
    let keys = KeySet::from_json(keys)?;
    let verify = |algorithm| SignedToken::parse(token, &[algorithm]).ok()?.verify(&keys).ok();
    ALGORITHMS.into_iter().find_map(verify)
}

/// A statement of the client about itself, for this server, of now, used once.
fn is_statement(state: &mut State, issuer: &str, now: i64, assertion: &str) -> bool {
    let behaviour = &state.behaviour;
    let by_secret = || {
        let parsed = SignedToken::parse(assertion, &[SignatureAlgorithm::Hs256]).ok()?;
        parsed.verify_hmac(&ClientSecret::new(behaviour.client_secret.as_str())).ok()
    };
    let Some(claims) = verified(assertion, &behaviour.client_keys).or_else(by_secret) else {
        return false;
    };
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let is_ours = text("iss") == behaviour.client_id && text("sub") == behaviour.client_id;
    let endpoint = behaviour.document.get("token_endpoint").and_then(Value::as_str);
    let is_for_us = text("aud") == issuer || endpoint == Some(text("aud"));
    let expires = claims.get("exp").and_then(Value::as_i64).unwrap_or_default();
    let is_current = expires > now && expires <= now + 300;
    let jti = text("jti").to_owned();
    is_ours && is_for_us && is_current && !jti.is_empty() && state.statements.insert(jti)
}
