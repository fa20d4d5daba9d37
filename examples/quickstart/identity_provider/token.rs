//! The token endpoint (RFC 6749 section 4.1.3).

use std::sync::Arc;

use axum::{
    Json,
    extract::{RawForm, State, rejection::RawFormRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use ring::error::Unspecified;
use serde_json::{Value, json};
use url::Url;

use super::{
    Context, client::ClientRefusal, encoding::sha256_base64url, id_token::id_token,
    parameters::Parameters, person::Person, scope::Scope,
};

/// What an authorization code stands for. It names no client because a provider has
/// only one, and that one has to authenticate.
pub(super) struct CodeGrant {
    pub(super) redirect_uri: Url,
    pub(super) scope: Scope,
    pub(super) nonce: Option<String>,
    pub(super) code_challenge: String,
    pub(super) person: Person,
    /// When the person signed in, in seconds since 1970.
    pub(super) auth_time: u64,
}

/// What an access token stands for.
#[derive(Clone)]
pub(super) struct AccessGrant {
    pub(super) person: Person,
    pub(super) scope: Scope,
    /// The code it was given for, a hash of it.
    code_hash: String,
}

/// The errors of RFC 6749 section 5.2 that can happen here.
enum Refusal {
    InvalidClient(&'static str),
    InvalidGrant(&'static str),
    InvalidRequest(&'static str),
    ServerError,
    UnsupportedGrantType,
}

/// The token endpoint (RFC 6749 section 4.1.3, OIDC Core section 3.1.3).
pub(super) async fn token(
    State(context): State<Arc<Context>>,
    headers: HeaderMap,
    form: Result<RawForm, RawFormRejection>,
) -> Response {
    let answer = form
        .ok()
        .and_then(|RawForm(form)| Parameters::parse(&form))
        .ok_or(Refusal::InvalidRequest("the request is too long or is not a form"))
        .and_then(|parameters| exchange(&context, &headers, &parameters));
    let no_store = [(header::CACHE_CONTROL, "no-store"), (header::PRAGMA, "no-cache")];
    match answer {
        Ok(tokens) => (no_store, Json(tokens)).into_response(),
        Err(refusal) => (no_store, refusal).into_response(),
    }
}

fn exchange(
    context: &Context,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<Value, Refusal> {
    if parameters.any_repeated() {
        return Err(Refusal::InvalidRequest("a parameter occurs twice"));
    }
    context.client.authenticate(headers, parameters)?;
    match parameters.value("grant_type") {
        Some("authorization_code") => {}
        Some(_) => return Err(Refusal::UnsupportedGrantType),
        None => return Err(Refusal::InvalidRequest("grant_type is missing")),
    }
    let required = |name, missing| parameters.value(name).ok_or(Refusal::InvalidRequest(missing));
    let code = required("code", "code is missing")?;
    let redirect_uri = required("redirect_uri", "redirect_uri is missing")?;
    let code_verifier = required("code_verifier", "code_verifier is missing")?;

    // Taken before the checks: a code that met one wrong guess is spent.
    let code_hash = sha256_base64url(code);
    let Some(grant) = context.codes.take(code) else {
        // RFC 6749 section 4.1.2: a code that comes back may have been stolen, and so
        // may the tokens it gave.
        context.access_tokens.remove_where(|access| access.code_hash == code_hash);
        return Err(Refusal::InvalidGrant("the code is unknown, used or expired"));
    };
    if redirect_uri != grant.redirect_uri.as_str() {
        return Err(Refusal::InvalidGrant("redirect_uri differs from the authorization request"));
    }
    if !is_code_verifier(code_verifier) || sha256_base64url(code_verifier) != grant.code_challenge {
        return Err(Refusal::InvalidGrant("code_verifier does not match the code_challenge"));
    }
    issue(context, &grant, code_hash).map_err(|Unspecified| Refusal::ServerError)
}

fn issue(context: &Context, grant: &CodeGrant, code_hash: String) -> Result<Value, Unspecified> {
    let access_token = context.access_tokens.insert(AccessGrant {
        person: grant.person.clone(),
        scope: grant.scope,
        code_hash,
    })?;
    let id_token = id_token(context, grant, &access_token)?;
    tracing::info!("tokens issued for {}", grant.person);
    Ok(json!({
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": context.access_tokens.lifetime().as_secs(),
        "scope": grant.scope.to_string(),
        "id_token": id_token,
    }))
}

/// RFC 7636 section 4.1.
fn is_code_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

impl From<ClientRefusal> for Refusal {
    fn from(refusal: ClientRefusal) -> Self {
        match refusal {
            ClientRefusal::InvalidClient(description) => Self::InvalidClient(description),
            ClientRefusal::InvalidRequest(description) => Self::InvalidRequest(description),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, error, description) = match self {
            Self::InvalidClient(why) => (StatusCode::UNAUTHORIZED, "invalid_client", why),
            Self::InvalidGrant(why) => (StatusCode::BAD_REQUEST, "invalid_grant", why),
            Self::InvalidRequest(why) => (StatusCode::BAD_REQUEST, "invalid_request", why),
            Self::ServerError => {
                (StatusCode::INTERNAL_SERVER_ERROR, "server_error", "the tokens could not be made")
            }
            Self::UnsupportedGrantType => (
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "grant_type must be authorization_code",
            ),
        };
        tracing::warn!(error, "token request refused: {description}");
        let mut response =
            (status, Json(json!({ "error": error, "error_description": description })))
                .into_response();
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(
                header::WWW_AUTHENTICATE,
                header::HeaderValue::from_static(r#"Basic realm="development provider""#),
            );
        }
        response
    }
}
