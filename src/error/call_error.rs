//! The error of calls into [`Auth`](crate::Auth): who is at fault, and under which documented code.

use std::fmt;

use super::{AdapterError, CallbackFailure, ErrorCode, OAuthError, debug_as_display};

/// A failure of a call into [`Auth`](crate::Auth) from application code.
///
/// Its wording is not part of the API; ask [`Error::code`] and the `is_*` questions.
pub struct Error(Kind);

enum Kind {
    Adapter(AdapterError),
    Provider(OAuthError),
    Callback(CallbackFailure),
    SessionType(serde_json::Error),
}

impl Error {
    /// The documented code under which the same failure is logged.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match &self.0 {
            Kind::Adapter(_) => ErrorCode::Session,
            Kind::Provider(_) => ErrorCode::OAuthGetAccessToken,
            Kind::Callback(_) | Kind::SessionType(_) => ErrorCode::JwtSession,
        }
    }

    /// Whether the database did not answer.
    #[must_use]
    pub fn is_adapter(&self) -> bool {
        matches!(self.0, Kind::Adapter(_))
    }

    /// Whether an identity provider refused or did not answer.
    #[must_use]
    pub fn is_provider(&self) -> bool {
        matches!(self.0, Kind::Provider(_))
    }

    /// Whether only a new sign-in helps, because the identity provider will never issue new tokens
    /// for the ones it was asked with. Otherwise a later attempt may succeed.
    #[must_use]
    pub fn needs_sign_in(&self) -> bool {
        matches!(
            self.0,
            Kind::Provider(OAuthError::RefreshTokenRefused(_) | OAuthError::NotRefreshable(_))
        )
    }

    /// Whether the application's own `jwt` or `session` callback failed, or the body it made is
    /// not of the session data type.
    #[must_use]
    pub fn is_callback(&self) -> bool {
        matches!(self.0, Kind::Callback(_) | Kind::SessionType(_))
    }

    pub(crate) fn session_type(source: serde_json::Error) -> Self {
        Self(Kind::SessionType(source))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Kind::Adapter(_) => "the database did not answer",
            Kind::Provider(_) => "the identity provider gave no new tokens",
            Kind::Callback(_) => "a session callback of the application failed",
            Kind::SessionType(_) => "the session is not of the application's session data type",
        })
    }
}

debug_as_display!(Error);

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            Kind::Adapter(error) => Some(error),
            Kind::Provider(error) => Some(error),
            Kind::Callback(error) => Some(error),
            Kind::SessionType(error) => Some(error),
        }
    }
}

impl From<AdapterError> for Error {
    fn from(error: AdapterError) -> Self {
        Self(Kind::Adapter(error))
    }
}

impl From<OAuthError> for Error {
    fn from(error: OAuthError) -> Self {
        Self(Kind::Provider(error))
    }
}

impl From<CallbackFailure> for Error {
    fn from(error: CallbackFailure) -> Self {
        Self(Kind::Callback(error))
    }
}
