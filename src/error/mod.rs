//! What can go wrong, in whose hands, and under which documented code?
//!
//! One table ([`code`]) has every code with its cause and cure, another ([`page_error`]) what a
//! visitor reads. The types here say who has to act: the developer ([`ConfigError`]), the database
//! ([`AdapterError`]), an identity provider ([`OAuthError`]) or the application's own code
//! ([`CallbackError`]).

mod adapter;
mod callback;
mod code;
mod config;
mod oauth;
mod page_error;
#[cfg(any(
    feature = "dynamic",
    feature = "mysql",
    feature = "postgres",
    feature = "redis",
    feature = "sqlite"
))]
pub(crate) mod spelling;

use std::fmt;

pub use adapter::{AdapterError, AdapterErrorKind};
pub use callback::{AuthorizeError, BoxError, CallbackError};
pub use code::{CausedBy, ErrorCode, Flow, Level, Origin, Retired, Shown};
pub use config::ConfigError;
pub(crate) use config::ConfigErrors;
pub use oauth::OAuthError;
pub use page_error::PageError;

/// A failure of a call into [`Auth`](crate::Auth) from application code.
///
/// Its wording is not part of the API; ask [`Error::code`] and the `is_*` questions.
#[derive(Debug)]
pub struct Error(Kind);

#[derive(Debug)]
enum Kind {
    Adapter(AdapterError),
    Provider(OAuthError),
    Callback(CallbackError),
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

    /// Whether an identity provider will never give new tokens for those that it was asked with:
    /// only a new sign-in helps. Without this a later attempt may do better.
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

impl From<CallbackError> for Error {
    fn from(error: CallbackError) -> Self {
        Self(Kind::Callback(error))
    }
}

/// The causes of an error, the nearest first.
pub(crate) fn causes<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(error.source(), |cause| cause.source())
}

/// An error with its causes, in one line: what a log needs and a browser must not see.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    causes(error).fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
