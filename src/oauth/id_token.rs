//! ID token validation (OpenID Connect Core section 3.1.3.7, whose step numbers are in brackets).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::issued_token::{Kind, Parties, Verified, subject, time, verified};
use crate::crypto::hash::equal;
use crate::error::OAuthError;
use crate::jose::SignatureAlgorithm;
use crate::model::JsonObject;

/// What the token is held against.
pub(super) struct Expected<'a> {
    pub(super) parties: Parties<'a>,
    pub(super) nonce: Nonce<'a>,
    /// The `max_age` that the request asked for beyond the definition's.
    pub(super) max_age: Option<u32>,
    pub(super) access_token: &'a str,
    /// The code that the token was given for, if it was for one.
    pub(super) code: Option<&'a str>,
}

/// Which nonce a token may have.
#[derive(Clone, Copy)]
pub(super) enum Nonce<'a> {
    /// This one, or none if there was none.
    Exactly(Option<&'a str>),
    /// This one, or none (OpenID Connect Core section 12.2).
    IfPresent(Option<&'a str>),
}

/// The claims of a token that passed every check.
pub(super) async fn validate(
    token: &str,
    expected: &Expected<'_>,
) -> Result<JsonObject, OAuthError> {
    let verified = verified(token, Kind::IdToken, &expected.parties).await?;
    check(&verified, expected).map_err(|reason| Kind::IdToken.refused(reason))?;
    Ok(verified.claims)
}

fn check(verified: &Verified, expected: &Expected<'_>) -> Result<(), String> {
    let Verified { claims, algorithm } = verified;
    check_authentication(claims, expected)?;
    // [11]
    let (Nonce::Exactly(nonce) | Nonce::IfPresent(nonce)) = expected.nonce;
    match (nonce, claims.get("nonce")) {
        (Some(nonce), Some(Value::String(given))) if equal(nonce.as_bytes(), given.as_bytes()) => {}
        (None, None) => {}
        (Some(_), None) if matches!(expected.nonce, Nonce::IfPresent(_)) => {}
        (Some(_), None) => return Err("does not repeat the nonce: it has none".into()),
        (Some(_), Some(Value::String(given))) => {
            return Err(format!(
                "does not repeat the nonce: it has another one, of {} characters; it may be the \
                 token of another sign-in",
                given.chars().count()
            ));
        }
        (Some(_), Some(_)) => {
            return Err("does not repeat the nonce: it has one that is no text".into());
        }
        (None, Some(_)) => {
            return Err("has a nonce, and none was sent: see `checks`".into());
        }
    }
    subject(claims).ok_or("has no usable subject")?;
    // OpenID Connect Core sections 3.1.3.8 and 3.3.2.11: neither has to be there, and no other may.
    let is_of = |claim: &str, value: &str| match claims.get(claim) {
        None => true,
        Some(Value::String(hash)) => {
            equal(hash.as_bytes(), half_hash(value, *algorithm).as_bytes())
        }
        Some(_) => false,
    };
    if !is_of("at_hash", expected.access_token) {
        return Err("belongs to another access token".into());
    }
    if !expected.code.is_none_or(|code| is_of("c_hash", code)) {
        return Err("belongs to another code".into());
    }
    Ok(())
}

/// [12, 13] Whoever asked when and how the person proved themselves wants an answer to it.
fn check_authentication(claims: &JsonObject, expected: &Expected<'_>) -> Result<(), String> {
    let configured = |name| expected.parties.definition().authorization_parameter(name);
    if let Some(values) = configured("acr_values") {
        let acr = claims.get("acr").and_then(Value::as_str);
        if !acr.is_some_and(|acr| values.split(' ').any(|value| value == acr)) {
            return Err("names none of the authentication context classes asked for".into());
        }
    }
    let max_age = configured("max_age").and_then(|text| text.parse().ok());
    let max_age = max_age.into_iter().chain(expected.max_age).min();
    if let Some(max_age) = max_age {
        let proved = time(claims, "auth_time")?;
        let proved = proved.ok_or("does not say when the person proved themselves")?;
        let age = expected.parties.now.as_second() as f64 - proved;
        let tolerance = expected.parties.tolerance();
        if age > f64::from(max_age) + tolerance {
            return Err("is of a person who proved themselves too long ago".into());
        }
        if age < -tolerance {
            let clocks = expected.parties.clocks(-age);
            return Err(format!(
                "is of a person who will prove themselves in the future, {clocks}"
            ));
        }
    }
    Ok(())
}

fn half_hash(value: &str, algorithm: SignatureAlgorithm) -> String {
    let digest = ring::digest::digest(algorithm.digest(), value.as_bytes());
    let half = digest.as_ref().get(..digest.as_ref().len() / 2).unwrap_or_default();
    URL_SAFE_NO_PAD.encode(half)
}
