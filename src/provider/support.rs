//! What the code that derives write refers to. Nothing here is for people: it changes with every
//! release, and the module's public name holds the version.

use std::borrow::Cow;

pub use serde_json::Value;

pub use super::oauth::description::{OAuthDescription, StyleDescription};
use super::oauth::raw_profile;
pub use super::oauth::raw_profile::{AccountId, ProfileMember, ProfileText};
pub use super::{
    Check, Client, ClientAuthentication, OAuth1Definition, OAuth1Kind, OAuthDefinition, OAuthKind,
    ProfileError, ProfileMapper, Provider, RawProfile, SignatureMethod, StandardClaims,
    UserInfoRequest,
};
pub use crate::error::{CallbackError, ConfigError};
pub use crate::jwt::SignatureAlgorithm;
pub use crate::model::{Profile, TokenSet};
pub use crate::secret::ClientSecret;

/// The type of a field of a derived provider that texts may name.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot stand in a provider's URLs and parameters",
    label = "neither `String` nor `Option<String>`",
    note = "use `String`, or `Option<String>` for a field that only parameters name"
)]
pub trait ProviderField {
    /// The text, if there is one.
    fn into_text(self) -> Option<String>;
}

impl ProviderField for String {
    fn into_text(self) -> Option<String> {
        Some(self)
    }
}

impl ProviderField for Option<String> {
    fn into_text(self) -> Option<String> {
        self
    }
}

/// Maps an answer by its type.
///
/// # Errors
///
/// What [`RawProfile`] says.
pub fn map<T: RawProfile>(raw: &Value, _: &TokenSet) -> Result<Profile, CallbackError> {
    T::read(raw)?.into_profile()
}

/// Reads the first place that has a value.
///
/// # Errors
///
/// [`ProfileError`] naming the places.
pub fn member<T: ProfileMember>(
    raw: &Value,
    places: &[(&'static str, &'static str)],
) -> Result<T, ProfileError> {
    raw_profile::member(raw, places)
}

/// A name out of parts.
#[must_use]
pub fn composed(parts: &[Option<Cow<'_, str>>]) -> Option<String> {
    raw_profile::composed(parts)
}

/// An address out of parts.
#[must_use]
pub fn complete(parts: &[Option<Cow<'_, str>>]) -> Option<String> {
    raw_profile::complete(parts)
}

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

/// Gives an OAuth 1.0a provider its look.
pub fn set_style(definition: &mut OAuth1Definition, style: &StyleDescription) {
    definition.style = style.style();
}
