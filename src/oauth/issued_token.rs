//! Issued tokens: the checks that ID tokens and logout tokens share, of signature, issuer, audience
//! and times (OpenID Connect Core section 3.1.3.7, whose step numbers are in brackets).

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::Value;

use super::issuer::difference;
use super::provider_signature::verified_by_keys;
use super::{Asker, OAuthDefinition, ProviderMetadata, RelyingParty, TENANT, is_tenant_id};
use crate::error::{OAuthError, Quoted};
use crate::jose::{SignatureAlgorithm, SignatureError, SignedToken};
use crate::model::JsonObject;
use crate::model::identifier::names_somebody;

/// How many audiences a message names.
const SHOWN_AUDIENCES: usize = 3;
const MAXIMUM_SUBJECT_LENGTH: usize = 255;
/// How long ago a token may have been made that comes fresh from the provider, in seconds.
const MAXIMUM_AGE: f64 = 24.0 * 60.0 * 60.0;
/// The last second of the year 9999: no calendar of ours goes further.
const END_OF_TIME: f64 = 253_402_300_799.0;
/// OpenID Connect Back-Channel Logout 1.0 section 2.4.
const LOGOUT_TOKEN_TYPE: &str = "logout+jwt";

/// What a token is for. One kind is never taken for another (RFC 8725 section 2.8).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    IdToken,
    LogoutToken,
}

impl Kind {
    pub(super) fn refused(self, reason: impl Into<String>) -> OAuthError {
        match self {
            Self::IdToken => OAuthError::IdToken(reason.into()),
            Self::LogoutToken => OAuthError::LogoutToken(reason.into()),
        }
    }

    /// Who sent it: an ID token comes from the provider's own endpoint.
    fn asker(self) -> Asker {
        match self {
            Self::IdToken => Asker::Provider,
            Self::LogoutToken => Asker::Stranger,
        }
    }

    /// Whether a token with this type in its header may be one. Providers type ID tokens in many
    /// ways, so those are only held apart from what is certainly something else: a type with a
    /// suffix is that of one kind (RFC 8725 section 3.11), such as `at+jwt`.
    fn may_be(self, token_type: Option<&str>) -> bool {
        match (self, token_type) {
            (_, None | Some("jwt")) => true,
            (Self::IdToken, Some(kind)) => kind == "id_token+jwt" || !kind.contains('+'),
            (Self::LogoutToken, Some(kind)) => kind == LOGOUT_TOKEN_TYPE,
        }
    }
}

/// This client, its provider, and the time.
#[derive(Clone, Copy)]
pub(super) struct Parties<'a> {
    pub(super) relying_party: &'a RelyingParty,
    pub(super) metadata: &'a ProviderMetadata,
    pub(super) now: Timestamp,
}

impl<'a> Parties<'a> {
    /// How far clocks may differ, in seconds.
    pub(super) fn tolerance(&self) -> f64 {
        f64::from(self.definition().clock_tolerance)
    }

    /// The end of a sentence about a time that is wrong by so many seconds. A clock that goes wrong
    /// is the likelier cause the closer they are.
    pub(super) fn clocks(&self, seconds: f64) -> String {
        format!(
            "by {seconds} seconds: the clock of this machine or of the provider may be wrong \
             (`clock_tolerance` is {} seconds)",
            self.definition().clock_tolerance
        )
    }

    pub(super) fn definition(&self) -> &'a OAuthDefinition {
        &self.relying_party.definition
    }

    /// The algorithms by which a token may be signed: the configured one, or those that the provider
    /// offers. A key goes with one family of them, so that a token chooses no more than among these.
    fn algorithms(&self) -> Vec<SignatureAlgorithm> {
        let offered = &self.metadata.id_token_signing_alg_values_supported;
        match self.definition().id_token_algorithm {
            Some(algorithm) => vec![algorithm],
            None if offered.is_empty() => vec![SignatureAlgorithm::default()],
            None => offered.clone(),
        }
    }
}

/// The claims of a token that passed the checks.
pub(super) struct Verified {
    pub(super) claims: JsonObject,
    pub(super) algorithm: SignatureAlgorithm,
}

/// The claims of a token of that kind that the provider signed for this client, and that is good
/// now.
pub(super) async fn verified(
    token: &str,
    kind: Kind,
    parties: &Parties<'_>,
) -> Result<Verified, OAuthError> {
    let verified = signed(token, kind, parties).await?;
    check_parties(&verified.claims, parties).map_err(|reason| kind.refused(reason))?;
    check_times(&verified.claims, parties).map_err(|reason| kind.refused(reason))?;
    Ok(verified)
}

/// Whom the token is about, if it says so in a way that can be stored (OpenID Connect Core
/// section 2).
pub(super) fn subject(claims: &JsonObject) -> Option<&str> {
    let subject = claims.get("sub")?.as_str()?;
    let is_usable = subject.len() <= MAXIMUM_SUBJECT_LENGTH && names_somebody(subject);
    is_usable.then_some(subject)
}

/// [6, 7, 8] The signature, with a key of the provider or with the client secret.
async fn signed(token: &str, kind: Kind, parties: &Parties<'_>) -> Result<Verified, OAuthError> {
    let definition = parties.definition();
    let unverified = |error: SignatureError| match error {
        SignatureError::Algorithm { given: Some(_), .. } => kind.refused(format!(
            "{error}: if the provider is to use it, say so by `id_token_algorithm`"
        )),
        error => kind.refused(error.to_string()),
    };
    let token = SignedToken::parse(token, &parties.algorithms()).map_err(unverified)?;
    if !kind.may_be(token.token_type().as_deref()) {
        return Err(kind.refused("is a token of another type"));
    }
    let algorithm = token.algorithm();
    let claims = if algorithm == SignatureAlgorithm::Hs256 {
        let secret = definition.client.secret();
        let secret =
            secret.ok_or_else(|| kind.refused("is signed with a secret that is not there"))?;
        token.verify_hmac(secret).map_err(unverified)?
    } else {
        verified_by_keys(&token, kind.asker(), parties, |reason| kind.refused(reason)).await?
    };
    Ok(Verified { claims, algorithm })
}

fn check_parties(claims: &JsonObject, parties: &Parties<'_>) -> Result<(), String> {
    check_issuer(claims, parties)?;
    let client_id = parties.definition().client.id.as_str();
    let ours = Quoted(client_id);
    // [3, 4, 5]
    let audiences: Option<Vec<&str>> = match claims.get("aud") {
        Some(Value::String(audience)) => Some(vec![audience.as_str()]),
        Some(Value::Array(audiences)) => audiences.iter().map(Value::as_str).collect(),
        _ => None,
    };
    let audiences = audiences.unwrap_or_default();
    if !audiences.contains(&client_id) {
        let mut named: Vec<String> =
            audiences.iter().take(SHOWN_AUDIENCES).map(|one| Quoted(one).to_string()).collect();
        if audiences.len() > SHOWN_AUDIENCES {
            named.push("…".into());
        }
        let named = if named.is_empty() { "none".into() } else { named.join(", ") };
        return Err(format!(
            "is for another audience: {named}, and the client here is {ours}; compare `client_id`"
        ));
    }
    match claims.get("azp") {
        Some(azp) if azp.as_str() == Some(client_id) => Ok(()),
        Some(azp) => Err(format!(
            "is for another authorized party: `azp` is {}, and the client here is {ours}",
            azp.as_str().map_or_else(|| "no text".to_owned(), |azp| Quoted(azp).to_string())
        )),
        None if audiences.len() > 1 => {
            Err("has several audiences and names no authorized party (`azp`)".into())
        }
        None => Ok(()),
    }
}

/// [2]
fn check_issuer(claims: &JsonObject, parties: &Parties<'_>) -> Result<(), String> {
    let definition = parties.definition();
    let given = claims.get("iss").and_then(Value::as_str);
    let shown = given.map_or_else(|| "none".to_owned(), |given| Quoted(given).to_string());
    let Some(known) = parties.metadata.issuer.as_deref() else {
        return Err(format!("is of another issuer: {shown}, and none is known here"));
    };
    let Some(expected) = of_tenant(known, definition, claims) else {
        let claim = definition.endpoints.tenant_claim.as_deref().unwrap_or_default();
        return Err(format!(
            "is of another issuer: {shown}; its claim {} should name the tenant",
            Quoted(claim)
        ));
    };
    if given.is_some_and(|given| definition.issuer_comparison.is_same(given, &expected)) {
        return Ok(());
    }
    let hint = given.map(|given| difference(given, &expected)).unwrap_or_default();
    Err(format!("is of another issuer: {shown}, and the provider is {}{hint}", Quoted(&expected)))
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

/// A time of a token. A wrong type, or a number that is none of our calendar, is never taken for
/// "absent" or "for ever".
pub(super) fn time(claims: &JsonObject, name: &str) -> Result<Option<f64>, String> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    match value.as_f64() {
        None => Err(format!("has a claim `{name}` that is no number")),
        Some(time) if (0.0..=END_OF_TIME).contains(&time) => Ok(Some(time)),
        Some(_) => Err(format!("has a claim `{name}` that is no time")),
    }
}

/// [9, 10]
fn check_times(claims: &JsonObject, parties: &Parties<'_>) -> Result<(), String> {
    let number = |name| time(claims, name);
    let (now, tolerance) = (parties.now.as_second() as f64, parties.tolerance());
    let expires = number("exp")?.ok_or("has no expiry")?;
    if expires <= now - tolerance {
        return Err(format!("has expired, {}", parties.clocks(now - expires)));
    }
    let issued = number("iat")?.ok_or("does not say when it was issued")?;
    if issued > now + tolerance {
        return Err(format!("was issued in the future, {}", parties.clocks(issued - now)));
    }
    if issued < now - MAXIMUM_AGE {
        return Err("was issued more than a day ago".into());
    }
    match number("nbf")? {
        Some(not_before) if not_before > now + tolerance => {
            Err(format!("is not valid yet, {}", parties.clocks(not_before - now)))
        }
        _ => Ok(()),
    }
}
