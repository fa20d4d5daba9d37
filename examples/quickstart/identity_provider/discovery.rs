//! The discovery document (OpenID Connect Discovery 1.0 section 4).

use std::sync::Arc;

use axum::{Json, extract::State};
use serde_json::{Value, json};

use super::{Context, scope::Scope};

/// OIDC Discovery section 3.
pub(super) async fn configuration(State(context): State<Arc<Context>>) -> Json<Value> {
    Json(json!({
        "issuer": context.issuer,
        "authorization_endpoint": context.endpoint("/authorize"),
        "token_endpoint": context.endpoint("/token"),
        "userinfo_endpoint": context.endpoint("/userinfo"),
        "jwks_uri": context.endpoint("/jwks"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": Scope::SUPPORTED,
        "claims_supported": [
            "iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "at_hash",
            "name", "picture", "email", "email_verified",
        ],
        "authorization_response_iss_parameter_supported": true,
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        // The default of this one is true.
        "request_uri_parameter_supported": false,
    }))
}

pub(super) async fn jwks(State(context): State<Arc<Context>>) -> Json<Value> {
    Json(context.key.jwk_set())
}
