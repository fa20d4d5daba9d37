//! What is asked about tokens that were issued: introspection (RFC 7662) and revocation (RFC 7009).

use serde_json::{Value, json};

use super::behaviour::{Received, State};
use super::client_authentication::is_authenticated;
use super::grant::{Access, Refused};

/// What is said of a token (RFC 7662 section 2.2); of one that is no good, only that.
pub(super) fn introspect(
    state: &mut State,
    issuer: &str,
    now: i64,
    request: &Received,
) -> Result<Value, Refused> {
    let token = asked_about(state, issuer, now, request)?;
    let client_id = &state.behaviour.client_id;
    if let Some(access) = state.access_tokens.get(token).filter(|access| access.expires_at > now) {
        let Access { subject, scope, issued_at, expires_at, .. } = access;
        return Ok(json!({
            "active": true,
            "client_id": client_id,
            "exp": expires_at,
            "iat": issued_at,
            "iss": issuer,
            "scope": scope,
            // The client's own, where it speaks for itself (RFC 9068 section 2.2).
            "sub": subject.unwrap_or(client_id),
            "token_type": "Bearer",
        }));
    }
    Ok(match state.refresh_tokens.get(token) {
        Some(grant) => json!({
            "active": true,
            "client_id": client_id,
            "iss": issuer,
            "scope": grant.scope,
        }),
        None => json!({ "active": false }),
    })
}

/// Ends a token; one that nobody knows has ended already (RFC 7009 section 2.2). With a refresh
/// token all access tokens of its grant end (section 2.1).
pub(super) fn revoke(
    state: &mut State,
    issuer: &str,
    now: i64,
    request: &Received,
) -> Result<(), Refused> {
    let token = asked_about(state, issuer, now, request)?;
    state.access_tokens.remove(token);
    if let Some(grant) = state.refresh_tokens.remove(token) {
        state.access_tokens.retain(|_, access| access.grant != grant.number);
    }
    Ok(())
}

fn asked_about<'a>(
    state: &mut State,
    issuer: &str,
    now: i64,
    request: &'a Received,
) -> Result<&'a str, Refused> {
    if !is_authenticated(state, issuer, now, request) {
        return Err(("invalid_client", "client"));
    }
    request.form.get("token").map(String::as_str).ok_or(("invalid_request", "token"))
}
