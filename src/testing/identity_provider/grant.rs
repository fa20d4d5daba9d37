//! The token endpoint: a code, a refresh token, a device code or the client alone becomes tokens
//! (RFC 6749 sections 4.1.3, 4.4 and 6, RFC 7636 section 4.6, RFC 8628 section 3.4).

use serde_json::{Value, json};

use super::IdentityProvider;
use super::behaviour::{Received, State, overlay};
use super::client_authentication::is_authenticated;
use super::device::device_grant;
use super::fault::Fault;
use super::id_token::id_token;
use crate::crypto::hash::code_challenge;
use crate::model::JsonObject;

/// What everybody consents to.
pub(super) const SCOPE: &str = "openid email profile";
/// The lifetime of an access token, in seconds.
const LIFETIME: i64 = 3600;

/// What a code or a refresh token stands for.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    /// Each consent has its own.
    pub(super) number: u32,
    pub(super) redirect_uri: String,
    pub(super) challenge: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) scope: String,
}

/// What an access token stands for.
#[derive(Clone, Debug)]
pub(super) struct Access {
    /// The number of the grant.
    pub(super) grant: u32,
    /// Nobody, where the client speaks for itself.
    pub(super) subject: Option<&'static str>,
    pub(super) scope: String,
    pub(super) issued_at: i64,
    pub(super) expires_at: i64,
}

/// The code of RFC 6749 section 5.2, and what was wrong.
pub(super) type Refused = (&'static str, &'static str);

/// The token response.
pub(super) fn token(
    state: &mut State,
    issuer: &str,
    now: i64,
    request: &Received,
) -> Result<Value, Refused> {
    let field = |name: &str| request.form.get(name).map(String::as_str).unwrap_or_default();
    if !is_authenticated(state, issuer, now, request) {
        return Err(("invalid_client", "client"));
    }
    let invalid = |what| ("invalid_grant", what);
    let grant = match field("grant_type") {
        "authorization_code" => {
            let grant = state.codes.remove(field("code")).ok_or(invalid("code"))?;
            if field("redirect_uri") != grant.redirect_uri {
                return Err(invalid("redirect_uri"));
            }
            let verifier = request.form.get("code_verifier");
            if verifier.map(|verifier| code_challenge(verifier)) != grant.challenge {
                return Err(invalid("code_verifier"));
            }
            grant
        }
        "refresh_token" => {
            let grant = state.refresh_tokens.remove(field("refresh_token"));
            state.issued += 1;
            // OpenID Connect Core section 12.2: the nonce is left out.
            Grant { nonce: None, ..grant.ok_or(invalid("refresh_token"))? }
        }
        "urn:ietf:params:oauth:grant-type:device_code" => {
            device_grant(state, now, field("device_code"))?
        }
        "client_credentials" => return client_credentials(state, now, request),
        _ => return Err(("unsupported_grant_type", "grant_type")),
    };
    let subject = Some(IdentityProvider::SUBJECT);
    let (access_token, mut response) = access(state, grant.number, subject, &grant.scope, now);
    let refresh_token = format!("rt-secret-{}", state.issued);
    response.insert("refresh_token".into(), refresh_token.clone().into());
    let is_about_somebody = grant.scope.split(' ').any(|scope| scope == "openid");
    if state.behaviour.is_openid_connect && is_about_somebody && !state.is(Fault::MissingIdToken) {
        let token = id_token(state, issuer, now, grant.nonce.clone(), &access_token);
        response.insert("id_token".into(), token.into());
    }
    state.refresh_tokens.insert(refresh_token, grant);
    Ok(finished(state, response))
}

/// RFC 6749 section 4.4: for clients that prove themselves, and without a refresh token.
fn client_credentials(state: &mut State, now: i64, request: &Received) -> Result<Value, Refused> {
    let methods = state.behaviour.document.get("token_endpoint_auth_methods_supported");
    if methods == Some(&json!(["none"])) {
        return Err(("unauthorized_client", "a public client"));
    }
    state.issued += 1;
    let scope = request.form.get("scope").cloned().unwrap_or_default();
    let (_, response) = access(state, state.issued, None, &scope, now);
    Ok(finished(state, response))
}

/// An access token, and the response that has it.
fn access(
    state: &mut State,
    grant: u32,
    subject: Option<&'static str>,
    scope: &str,
    now: i64,
) -> (String, JsonObject) {
    let access_token = format!("at-secret-{}", state.issued);
    let access = Access {
        grant,
        subject,
        scope: scope.to_owned(),
        issued_at: now,
        expires_at: now + LIFETIME,
    };
    state.access_tokens.insert(access_token.clone(), access);
    let response = object(json!({
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": LIFETIME,
        "scope": scope,
    }));
    (access_token, response)
}

/// The response, or what a fault and a test make of it.
fn finished(state: &State, mut response: JsonObject) -> Value {
    match state.fault {
        Some(Fault::MissingAccessToken) => drop(response.remove("access_token")),
        Some(Fault::TokenTypeNotBearer) => {
            response.insert("token_type".into(), "MAC".into());
        }
        _ => {}
    }
    overlay(&mut response, &state.behaviour.response);
    Value::Object(response)
}

pub(super) fn object(value: Value) -> JsonObject {
    match value {
        Value::Object(members) => members,
        _ => JsonObject::new(),
    }
}
