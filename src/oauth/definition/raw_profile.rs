//! The raw profile: what a provider's own answer about a person is read into.

mod member;
mod proof;
mod text;

use std::borrow::Cow;

use serde_json::Value;

pub use self::member::ProfileMember;
pub(crate) use self::member::{address_text, member};
pub use self::proof::ProfileProof;
pub(crate) use self::proof::says_proven;
pub use self::text::{AccountId, ProfileText, TextMember};

use crate::error::{CallbackError, debug_as_display};
use crate::model::{Profile, TokenSet};

/// A provider's own answer about a person: read from JSON, then mapped to a [`Profile`].
///
/// Derive it. Write it by hand only where a member is read in a way that no attribute names.
///
/// ```
/// use typegate::{Profile, RawProfile};
/// use typegate::provider::RawProfile as _;
///
/// #[derive(RawProfile)]
/// #[profile(image = "https://img.acme.example/{id}.png")]
/// struct AcmeUser {
///     #[profile(id, path = "data.id")]
///     id: u64,
///     #[profile(name, path = "data.display_name")]
///     display_name: Option<String>,
///     #[profile(name, path = "data.login")]
///     login: String,
/// }
///
/// let raw = serde_json::json!({"data": {"id": 7, "display_name": "", "login": "ada"}});
/// let profile = AcmeUser::read(&raw)?.into_profile()?;
/// assert_eq!(profile.id, "7");
/// assert_eq!(profile.name.as_deref(), Some("ada"));
/// assert_eq!(profile.image.as_deref(), Some("https://img.acme.example/7.png"));
///
/// // Without an id nobody is known.
/// let error = AcmeUser::read(&serde_json::json!({"data": {}})).err().unwrap();
/// assert_eq!(error.to_string(), "the profile has no member `data.id`");
/// // Everything else can be done without, and the log says so.
/// let raw = serde_json::json!({"data": {"id": 7, "display_name": ["Ada"], "login": "ada"}});
/// let mut left_out = Vec::new();
/// let profile = AcmeUser::read_noting(&raw, &mut left_out)?.into_profile()?;
/// assert_eq!(profile.name.as_deref(), Some("ada"));
/// assert_eq!(left_out[0].to_string(), "the profile's member `data.display_name` is not a text");
/// # Ok::<(), typegate::CallbackError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "OAUTH_PARSE_PROFILE_ERROR: `{Self}` does not say how it turns into a user",
    label = "this is not a profile",
    note = "derive it: `#[derive(typegate::RawProfile)]`, with `#[profile(id)]` at the member that \
            names the account",
    note = "or implement `typegate::provider::RawProfile` by hand"
)]
pub trait RawProfile: Sized {
    /// Reads the members.
    ///
    /// # Errors
    ///
    /// [`ProfileError`] with the path of the member that is missing or of another type and cannot be
    /// done without: the id, and numbers that are no `Option`.
    fn read(raw: &Value) -> Result<Self, ProfileError>;

    /// The same, and notes the members that it had to do without, because they are of another type,
    /// or missing although the type says that they are always there.
    ///
    /// # Errors
    ///
    /// Those of [`read`](Self::read).
    fn read_noting(raw: &Value, left_out: &mut Vec<ProfileError>) -> Result<Self, ProfileError> {
        let _ = left_out;
        Self::read(raw)
    }

    /// What the application knows the person by.
    ///
    /// # Errors
    ///
    /// What a function of the application said.
    fn into_profile(self) -> Result<Profile, CallbackError>;

    /// All in one.
    ///
    /// # Errors
    ///
    /// Those of [`read`](Self::read) and [`into_profile`](Self::into_profile).
    fn map(raw: &Value, _: &TokenSet) -> Result<Profile, CallbackError> {
        let mut left_out = Vec::new();
        let read = Self::read_noting(raw, &mut left_out);
        noted(read.map_err(CallbackError::from).and_then(Self::into_profile), &left_out)
    }
}

/// Adds to a profile what was left out of it. Apart, because there is a `map` for each provider.
fn noted(
    mapped: Result<Profile, CallbackError>,
    left_out: &[ProfileError],
) -> Result<Profile, CallbackError> {
    let mut profile = mapped?;
    profile.left_out = left_out.iter().map(ToString::to_string).collect();
    Ok(profile)
}

/// A member of a provider's answer that cannot be used. The answer itself is never quoted.
#[derive(Clone, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// The member is not there, or is null.
    #[error("the profile has no member `{0}`")]
    Missing(Cow<'static, str>),
    /// The member is of another type.
    #[error("the profile's member `{0}` is not {1}")]
    Type(Cow<'static, str>, &'static str),
}

debug_as_display!(ProfileError);

/// A composed name: parts that are missing are left out, and so are the blanks around them.
pub(crate) fn composed(parts: &[Option<Cow<'_, str>>]) -> Option<String> {
    let text: String = parts.iter().flatten().map(|part| &**part).collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// A composed address: without one of its parts it is none.
pub(crate) fn complete(parts: &[Option<Cow<'_, str>>]) -> Option<String> {
    parts.iter().map(Option::as_deref).collect()
}

#[cfg(test)]
mod tests;
