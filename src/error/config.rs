//! What is wrong with the configuration that types could not see?

use std::fmt;

use super::{BoxError, ErrorCode};

/// A configuration that cannot work: returned by `build()` and by the constructors of its parts.
///
/// The message names the offending value and what is accepted instead; secrets are never in it.
#[derive(Debug)]
pub struct ConfigError {
    code: Option<ErrorCode>,
    message: String,
    source: Option<BoxError>,
}

impl ConfigError {
    /// The documented code, where v4 has one.
    #[must_use]
    pub fn code(&self) -> Option<ErrorCode> {
        self.code
    }

    /// The message without the code.
    #[cfg(feature = "dynamic")]
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { code: None, message: message.into(), source: None }
    }

    pub(crate) fn with_code(mut self, code: ErrorCode) -> Self {
        self.code = Some(code);
        self
    }

    pub(crate) fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(source.into());
        self
    }

    pub(crate) fn no_secret() -> Self {
        Self::new(
            "there is no secret: set NEXTAUTH_SECRET (or AUTH_SECRET) to the output of \
             `openssl rand -base64 32`",
        )
        .with_code(ErrorCode::NoSecret)
    }

    pub(crate) fn short_secret(length: usize, minimum: usize) -> Self {
        Self::new(format!(
            "the secret has {length} bytes and at least {minimum} are needed: use the output of \
             `openssl rand -base64 32`, or Secret::dangerously_short until it is rotated"
        ))
        .with_code(ErrorCode::NoSecret)
    }

    pub(crate) fn missing_variable(name: &str) -> Self {
        Self::new(format!("the environment variable {name} is not set or empty"))
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => write!(f, "{code}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for ConfigError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| &**source as _)
    }
}
