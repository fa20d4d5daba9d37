//! The profile mapper: from what a provider says about a person to a [`Profile`].

use std::fmt;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::RawProfile;
use crate::error::CallbackError;
use crate::model::{Profile, TokenSet};
use crate::runtime::containment::call;

type MapProfile = dyn Fn(&Value, &TokenSet) -> Result<Profile, CallbackError> + Send + Sync;

/// The type that a mapper takes: a provider's answer, read by serde. Members that it does not name
/// are left out.
#[diagnostic::on_unimplemented(
    message = "a mapper takes a provider's answer, and `{Self}` cannot be read from one",
    label = "takes `{Self}`, which serde cannot read",
    note = "write `#[derive(serde::Deserialize)]` above `{Self}`, a struct with the members of the \
            answer; its fields own their data, such as `String` and not `&str`"
)]
pub trait ProviderAnswer: DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> ProviderAnswer for T {}

/// Turns what a provider says about a person into a [`Profile`].
#[derive(Clone)]
pub struct ProfileMapper(Arc<MapProfile>);

#[typegate_macros::__unquoted]
impl ProfileMapper {
    /// Takes a function from the provider's own type. An answer that is not of that type is
    /// `OAUTH_PARSE_PROFILE_ERROR`.
    #[must_use]
    pub fn new<T, F>(map: F) -> Self
    where
        T: ProviderAnswer,
        F: Fn(T, &TokenSet) -> Result<Profile, CallbackError> + Send + Sync + 'static,
    {
        Self(Arc::new(move |raw, tokens| {
            map(T::deserialize(raw).map_err(CallbackError::new)?, tokens)
        }))
    }

    /// Takes a type that says itself how it is read and mapped.
    ///
    /// ```
    /// use typegate::{Profile, RawProfile};
    /// use typegate::provider::ProfileMapper;
    ///
    /// #[derive(RawProfile)]
    /// struct AcmeUser {
    ///     #[profile(id)]
    ///     sub: String,
    /// }
    ///
    /// let mapper = ProfileMapper::of::<AcmeUser>();
    /// ```
    #[must_use]
    pub fn of<T: RawProfile>() -> Self {
        Self::from_value(T::map)
    }

    pub(crate) fn from_value(map: fn(&Value, &TokenSet) -> Result<Profile, CallbackError>) -> Self {
        Self(Arc::new(map))
    }

    /// The application's function behind its wall: one that panics has no profile.
    pub(crate) fn map(&self, raw: &Value, tokens: &TokenSet) -> Result<Profile, CallbackError> {
        call(|| (self.0)(raw, tokens)).unwrap_or_else(|escape| Err(CallbackError::new(escape)))
    }
}

impl fmt::Debug for ProfileMapper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProfileMapper")
    }
}
