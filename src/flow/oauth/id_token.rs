//! Is the ID token for us, about this sign-in, and from this provider? OpenID Connect Core section
//! 3.1.3.7; its step numbers are in brackets.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::Value;

use crate::crypto::hash::equal;
use crate::error::OAuthError;
use crate::jwt::{SignatureAlgorithm, SignatureError, SignedToken};
use crate::model::JsonObject;
use crate::outbound::ErasedHttpClient;
use crate::provider::{OAuthDefinition, ProviderMetadata, Server, TENANT, is_tenant_id};

/// How far clocks may differ, in seconds; v4's value.
const TOLERANCE: f64 = 10.0;
const MAXIMUM_SUBJECT_LENGTH: usize = 255;

/// What the token is held against.
pub(super) struct Expected<'a> {
    pub(super) definition: &'a OAuthDefinition,
    pub(super) server: &'a Server,
    pub(super) metadata: &'a ProviderMetadata,
    pub(super) client: &'a dyn ErasedHttpClient,
    pub(super) nonce: Nonce<'a>,
    /// The `max_age` that the page asked for.
    pub(super) maximum_age: Option<u32>,
    pub(super) access_token: &'a str,
    pub(super) now: Timestamp,
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
    let claims = verified(token, expected).await?;
    check(&claims, expected).map_err(OAuthError::IdToken)?;
    Ok(claims)
}

fn refused(reason: impl Into<String>) -> OAuthError {
    OAuthError::IdToken(reason.into())
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to `map_err`")]
fn unverified(error: SignatureError) -> OAuthError {
    refused(error.to_string())
}

/// [6, 7, 8] The signature, with a key of the provider; an unknown key id is looked for once more
/// in a fresh key set, because providers rotate their keys.
async fn verified(token: &str, expected: &Expected<'_>) -> Result<JsonObject, OAuthError> {
    let definition = expected.definition;
    let algorithm = definition.id_token_algorithm;
    let parse = || SignedToken::parse(token, algorithm).map_err(unverified);
    if algorithm == SignatureAlgorithm::Hs256 {
        let secret = definition.client.secret();
        let secret = secret.ok_or_else(|| refused("is signed with a secret that is not there"))?;
        return parse()?.verify_hmac(secret).map_err(unverified);
    }
    let parsed = parse()?;
    let keys =
        |renew| expected.server.keys(expected.client, expected.metadata, expected.now, renew);
    match parsed.verify(&*keys(false).await?) {
        Err(SignatureError::UnknownKey) => parse()?.verify(&*keys(true).await?).map_err(unverified),
        outcome => outcome.map_err(unverified),
    }
}

fn check(claims: &JsonObject, expected: &Expected<'_>) -> Result<(), String> {
    let client_id = expected.definition.client.id.as_str();
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    // [2]
    let issuer = expected.metadata.issuer.as_deref();
    let issuer = issuer.and_then(|issuer| of_tenant(issuer, expected.definition, claims));
    if text("iss").is_none() || text("iss") != issuer.as_deref() {
        return Err("is of another issuer".into());
    }
    // [3, 4, 5]
    let audiences: Option<Vec<&str>> = match claims.get("aud") {
        Some(Value::String(audience)) => Some(vec![audience.as_str()]),
        Some(Value::Array(audiences)) => audiences.iter().map(Value::as_str).collect(),
        _ => None,
    };
    let audiences = audiences.unwrap_or_default();
    if !audiences.contains(&client_id) {
        return Err("is for another audience".into());
    }
    match claims.get("azp") {
        Some(azp) if azp.as_str() == Some(client_id) => {}
        Some(_) => return Err("is for another authorized party".into()),
        None if audiences.len() > 1 => {
            return Err("has several audiences and names no authorized party".into());
        }
        None => {}
    }
    check_times(claims, expected.now)?;
    check_authentication(claims, expected)?;
    // [11]
    let (Nonce::Exactly(nonce) | Nonce::IfPresent(nonce)) = expected.nonce;
    match (nonce, claims.get("nonce")) {
        (Some(nonce), Some(Value::String(given))) if equal(nonce.as_bytes(), given.as_bytes()) => {}
        (None, None) => {}
        (Some(_), None) if matches!(expected.nonce, Nonce::IfPresent(_)) => {}
        _ => return Err("does not repeat the nonce".into()),
    }
    let subject = text("sub").unwrap_or_default();
    if subject.is_empty() || subject.len() > MAXIMUM_SUBJECT_LENGTH || subject.contains('\0') {
        return Err("has no usable subject".into());
    }
    // OpenID Connect Core section 3.1.3.8
    match claims.get("at_hash") {
        None => Ok(()),
        Some(Value::String(hash))
            if equal(hash.as_bytes(), access_token_hash(expected).as_bytes()) =>
        {
            Ok(())
        }
        Some(_) => Err("belongs to another access token".into()),
    }
}

/// The issuer, or that of the tenant that the token is of where one document serves many.
fn of_tenant<'a>(
    issuer: &'a str,
    definition: &OAuthDefinition,
    claims: &JsonObject,
) -> Option<Cow<'a, str>> {
    let Some(claim) = &definition.endpoints.tenant_claim else { return Some(issuer.into()) };
    let tenant = claims.get(claim)?.as_str()?;
    is_tenant_id(tenant).then(|| issuer.replace(TENANT, tenant).into())
}

/// [9, 10] All times are numbers; a wrong type is never taken for "absent".
fn check_times(claims: &JsonObject, now: Timestamp) -> Result<(), String> {
    let number = |name: &str| match claims.get(name) {
        None => Ok(None),
        Some(value) => value
            .as_f64()
            .map(Some)
            .ok_or_else(|| format!("has a claim `{name}` that is no number")),
    };
    let now = now.as_second() as f64;
    let expires = number("exp")?.ok_or("has no expiry")?;
    if expires <= now - TOLERANCE {
        return Err("has expired".into());
    }
    let issued = number("iat")?.ok_or("does not say when it was issued")?;
    if issued > now + TOLERANCE {
        return Err("was issued in the future".into());
    }
    if number("nbf")?.is_some_and(|not_before| not_before > now + TOLERANCE) {
        return Err("is not valid yet".into());
    }
    Ok(())
}

/// [12, 13] Whoever asked when and how the person proved themselves wants an answer to it.
fn check_authentication(claims: &JsonObject, expected: &Expected<'_>) -> Result<(), String> {
    let configured = |name| expected.definition.authorization_parameter(name);
    if let Some(values) = configured("acr_values") {
        let acr = claims.get("acr").and_then(Value::as_str);
        if !acr.is_some_and(|acr| values.split(' ').any(|value| value == acr)) {
            return Err("names none of the authentication context classes asked for".into());
        }
    }
    let maximum_age = configured("max_age").and_then(|text| text.parse().ok());
    let maximum_age = maximum_age.into_iter().chain(expected.maximum_age).min();
    if let Some(maximum_age) = maximum_age {
        let time = claims.get("auth_time").and_then(Value::as_f64);
        let time = time.ok_or("does not say when the person proved themselves")?;
        if expected.now.as_second() as f64 - time > f64::from(maximum_age) + TOLERANCE {
            return Err("is of a person who proved themselves too long ago".into());
        }
    }
    Ok(())
}

fn access_token_hash(expected: &Expected<'_>) -> String {
    let algorithm = expected.definition.id_token_algorithm.digest();
    let digest = ring::digest::digest(algorithm, expected.access_token.as_bytes());
    let half = digest.as_ref().get(..digest.as_ref().len() / 2).unwrap_or_default();
    URL_SAFE_NO_PAD.encode(half)
}
