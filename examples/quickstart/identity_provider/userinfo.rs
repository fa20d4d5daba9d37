//! The userinfo endpoint (OpenID Connect Core section 5.3).

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{Context, authorization};

/// The userinfo endpoint (OIDC Core section 5.3), which takes the access
/// token from the `Authorization` header only (RFC 6750 section 2.1).
pub(super) async fn userinfo(State(context): State<Arc<Context>>, headers: HeaderMap) -> Response {
    let Some(access_token) = authorization(&headers, "Bearer") else {
        // RFC 6750 section 3.1: no error code for a request without any token.
        return refuse("no access token", r#"Bearer realm="development provider""#);
    };
    let Some(grant) = context.access_tokens.get(access_token) else {
        return refuse(
            "the access token is unknown, revoked or expired",
            r#"Bearer realm="development provider", error="invalid_token""#,
        );
    };
    let claims = grant.person.claims(&context.issuer, grant.scope);
    ([(header::CACHE_CONTROL, "no-store")], Json(claims)).into_response()
}

fn refuse(reason: &str, challenge: &'static str) -> Response {
    tracing::warn!("userinfo request refused: {reason}");
    (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, challenge)]).into_response()
}
