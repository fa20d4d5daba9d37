//! The token endpoint: a code or a refresh token becomes tokens (RFC 6749 sections 4.1.3 and 6,
//! RFC 7636 section 4.6).

use serde_json::{Value, json};

use super::behaviour::{Received, State, overlay};
use super::client_authentication::is_authenticated;
use super::fault::Fault;
use super::id_token::id_token;
use crate::crypto::hash::code_challenge;
use crate::model::JsonObject;

/// What a code or a refresh token stands for.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    pub(super) redirect_uri: String,
    pub(super) challenge: Option<String>,
    pub(super) nonce: Option<String>,
}

/// The token response, or the code of RFC 6749 section 5.2 and what was wrong.
pub(super) fn token(
    state: &mut State,
    issuer: &str,
    now: i64,
    request: &Received,
) -> Result<Value, (&'static str, &'static str)> {
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
        _ => return Err(("unsupported_grant_type", "grant_type")),
    };
    let access_token = format!("at-secret-{}", state.issued);
    let refresh_token = format!("rt-secret-{}", state.issued);
    state.access_tokens.insert(access_token.clone());
    state.refresh_tokens.insert(refresh_token.clone(), grant.clone());
    let mut response = object(json!({
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": 3600,
        "refresh_token": refresh_token,
        "scope": "openid email profile",
    }));
    if state.behaviour.is_openid_connect && !state.is(Fault::MissingIdToken) {
        let token = id_token(state, issuer, now, grant.nonce, &access_token);
        response.insert("id_token".into(), token.into());
    }
    match state.fault {
        Some(Fault::MissingAccessToken) => drop(response.remove("access_token")),
        Some(Fault::TokenTypeNotBearer) => {
            response.insert("token_type".into(), "MAC".into());
        }
        _ => {}
    }
    overlay(&mut response, &state.behaviour.response);
    Ok(Value::Object(response))
}

pub(super) fn object(value: Value) -> JsonObject {
    match value {
        Value::Object(members) => members,
        _ => JsonObject::new(),
    }
}
