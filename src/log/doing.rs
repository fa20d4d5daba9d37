//! The blame for a failure: it is either the doing of whoever sent the request, or ours.

use super::allowance::Doing;
use crate::error::{CausedBy, ErrorCode, OAuthError, causes};
use crate::jose::TokenRefused;
use crate::model::email_address::AddressRefused;
use crate::web::outbound::AnswerError;

/// A code says whether a stranger can cause it at all. Under such a code an error is a stranger's
/// doing if it is one of those that a request alone brings about; all others are ours.
pub(super) fn doing(code: ErrorCode, error: &(dyn std::error::Error + 'static)) -> Doing {
    let mut errors = std::iter::once(error).chain(causes(error));
    match code.caused_by() {
        CausedBy::Strangers if errors.any(is_strangers) => Doing::Strangers,
        _ => Doing::Ours,
    }
}

fn is_strangers(error: &(dyn std::error::Error + 'static)) -> bool {
    if let Some(error) = error.downcast_ref::<OAuthError>() {
        return matches!(
            error,
            OAuthError::CheckCookieMissing(_)
                | OAuthError::CheckCookieInvalid(_)
                | OAuthError::CallbackParameter(..)
                | OAuthError::ProviderRefused { .. }
                | OAuthError::LogoutToken(_)
        );
    }
    if let Some(AnswerError::Status { status, code, .. }) = error.downcast_ref() {
        // RFC 6749 section 5.2: the code was not one that the provider gave for us.
        return (400..500).contains(status) && code.as_deref() == Some("invalid_grant");
    }
    error.is::<TokenRefused>() || error.is::<AddressRefused>()
}
