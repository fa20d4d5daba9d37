//! Environment variables.

use crate::error::ConfigError;

/// A variable of the environment. An empty one counts as not set.
#[must_use]
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The value of a variable that has to be there.
///
/// # Errors
///
/// [`ConfigError`] naming the variable.
pub fn needed(name: &str, value: Option<String>) -> Result<String, ConfigError> {
    value.ok_or_else(|| ConfigError::missing_variable(name))
}
