//! The outcome of a sign-in that an identity provider did not finish, as its visitor reads it: whether
//! they can do anything about it.

use super::super::last_attempt::Outcome;
use crate::error::{OAuthError, causes};
use crate::web::outbound::{AnswerError, is_without_answer};

/// Nothing where the visitor said no, took too long, or came from elsewhere.
pub(super) fn outcome(error: &OAuthError) -> Option<Outcome> {
    if is_without_answer(error) {
        return Some(Outcome::Unreachable);
    }
    match error {
        OAuthError::CheckCookieMissing(_)
        | OAuthError::CheckCookieInvalid(_)
        | OAuthError::CallbackParameter(..) => None,
        OAuthError::ProviderRefused { error, .. } => of_refusal(error),
        // RFC 6749 section 5.2: the code has ended, or was used.
        OAuthError::TokenRequest(_) if is_refused_code(error) => None,
        _ => Some(Outcome::Failed),
    }
}

/// RFC 6749 section 4.1.2.1, OpenID Connect Core section 3.1.2.6.
fn of_refusal(code: &str) -> Option<Outcome> {
    match code {
        "server_error" | "temporarily_unavailable" => Some(Outcome::Unreachable),
        "invalid_client"
        | "invalid_request"
        | "invalid_request_object"
        | "invalid_request_uri"
        | "invalid_scope"
        | "redirect_uri_mismatch"
        | "registration_not_supported"
        | "request_not_supported"
        | "request_uri_not_supported"
        | "unauthorized_client"
        | "unsupported_response_type" => Some(Outcome::Failed),
        _ => None,
    }
}

fn is_refused_code(error: &OAuthError) -> bool {
    let mut answers = causes(error).filter_map(|cause| cause.downcast_ref::<AnswerError>());
    answers.any(|answer| answer.code() == Some("invalid_grant"))
}
