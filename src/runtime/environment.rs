//! Environment variables.

use crate::error::ConfigError;

/// An environment variable; an empty one counts as unset.
#[must_use]
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The value of a required environment variable.
///
/// # Errors
///
/// [`ConfigError`] naming the variable.
pub fn needed(name: &str, value: Option<String>) -> Result<String, ConfigError> {
    value.ok_or_else(|| ConfigError::missing_variable(name))
}
