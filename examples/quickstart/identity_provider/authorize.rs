//! The authorization endpoint (RFC 6749 section 4.1.1).

use std::sync::Arc;

use axum::{
    extract::{RawForm, State, rejection::RawFormRejection},
    http::StatusCode,
    response::Response,
};

use super::{
    Context,
    login_page::{LoginForm, error_page, login_page},
    parameters::Parameters,
    return_address::ReturnAddress,
    scope::Scope,
};

/// A checked authorization request that waits for a person's decision.
#[derive(Clone)]
pub(super) struct PendingRequest {
    pub(super) return_address: ReturnAddress,
    pub(super) scope: Scope,
    pub(super) nonce: Option<String>,
    pub(super) code_challenge: String,
}

/// An error that the client learns by redirect.
struct Refusal {
    error: &'static str,
    description: &'static str,
}

/// The authorization endpoint. Errors about the client or its redirect URI stay on this
/// provider's own page: to redirect then would make an open redirector of it
/// (RFC 6749 section 4.1.2.1).
pub(super) async fn authorize(
    State(context): State<Arc<Context>>,
    form: Result<RawForm, RawFormRejection>,
) -> Response {
    let parameters = form.ok().and_then(|RawForm(form)| Parameters::parse(&form));
    let checked =
        parameters.ok_or("The request is too long or is not a form.").and_then(|parameters| {
            let return_address = check_return_address(&context, &parameters)?;
            Ok((parameters, return_address))
        });
    let (parameters, return_address) = match checked {
        Ok(checked) => checked,
        Err(reason) => {
            tracing::warn!("authorization request refused: {reason}");
            return error_page(StatusCode::BAD_REQUEST, reason);
        }
    };

    let pending = match check_request(&parameters, return_address.clone()) {
        Ok(pending) => pending,
        Err(Refusal { error, description }) => {
            tracing::warn!(error, "authorization request refused: {description}");
            return return_address.error(&context.issuer, error, description);
        }
    };
    let scope = pending.scope;
    match context.pending_requests.insert(pending) {
        Ok(request_id) => login_page(
            StatusCode::OK,
            context.client.id(),
            scope,
            &request_id,
            &LoginForm::prefilled(parameters.value("login_hint")),
        ),
        Err(_) => return_address.error(&context.issuer, "server_error", "no randomness"),
    }
}

fn check_return_address(
    context: &Context,
    parameters: &Parameters,
) -> Result<ReturnAddress, &'static str> {
    if parameters.value("client_id") != Some(context.client.id()) {
        return Err("The client_id is not the one that is registered here.");
    }
    let redirect_uri = parameters
        .value("redirect_uri")
        .and_then(|requested| context.client.redirect_uri(requested))
        .ok_or("The redirect_uri is not among those that are registered here.")?;
    Ok(ReturnAddress {
        redirect_uri: redirect_uri.clone(),
        state: parameters.value("state").map(str::to_owned),
    })
}

fn check_request(
    parameters: &Parameters,
    return_address: ReturnAddress,
) -> Result<PendingRequest, Refusal> {
    let invalid_request = |description| Refusal { error: "invalid_request", description };

    if parameters.any_repeated() {
        return Err(invalid_request("a parameter occurs twice"));
    }
    // OIDC Core section 3.1.2.6: request objects would change every other
    // parameter, so to ignore them is not an option.
    for (parameter, error) in [
        ("request", "request_not_supported"),
        ("request_uri", "request_uri_not_supported"),
        ("registration", "registration_not_supported"),
    ] {
        if parameters.value(parameter).is_some() {
            return Err(Refusal {
                error,
                description: "this provider does not know the parameter",
            });
        }
    }
    match parameters.value("response_type") {
        Some("code") => {}
        Some(_) => {
            return Err(Refusal {
                error: "unsupported_response_type",
                description: "response_type must be code",
            });
        }
        None => return Err(invalid_request("response_type is missing")),
    }
    if parameters.value("response_mode").is_some_and(|mode| mode != "query") {
        return Err(invalid_request("response_mode must be query"));
    }
    let scope = parameters
        .value("scope")
        .and_then(Scope::parse)
        .ok_or(Refusal { error: "invalid_scope", description: "scope must contain openid" })?;
    if parameters.value("code_challenge_method") != Some("S256") {
        return Err(invalid_request("code_challenge_method must be S256"));
    }
    let code_challenge = parameters
        .value("code_challenge")
        .filter(|challenge| is_s256_challenge(challenge))
        .ok_or_else(|| invalid_request("code_challenge must be a SHA-256 hash in base64url"))?;
    // Nobody stays signed in here, so a page is always needed.
    if parameters
        .value("prompt")
        .is_some_and(|prompt| prompt.split(' ').any(|value| value == "none"))
    {
        return Err(Refusal {
            error: "login_required",
            description: "prompt=none cannot be satisfied",
        });
    }
    Ok(PendingRequest {
        return_address,
        scope,
        nonce: parameters.value("nonce").map(str::to_owned),
        code_challenge: code_challenge.to_owned(),
    })
}

/// 32 bytes in base64url without padding (RFC 7636 section 4.2).
fn is_s256_challenge(text: &str) -> bool {
    text.len() == 43
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
