//! The raw profile: the types that a provider's own answer about a person is read into, and the
//! reading of its members.

mod proof;

use std::borrow::Cow;

use serde_json::Value;

pub use proof::ProfileProof;
pub(crate) use proof::says_proven;

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
        let mut profile = Self::read_noting(raw, &mut left_out)?.into_profile()?;
        profile.left_out = left_out.iter().map(ToString::to_string).collect();
        Ok(profile)
    }
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

/// The type of a field of a derived profile.
#[diagnostic::on_unimplemented(
    message = "a member of type `{Self}` cannot be read from a profile",
    label = "this is not read from JSON",
    note = "use `String`, an integer, `f64`, `bool` or `serde_json::Value`, or `Option` or `Vec` \
            of one of them; for a member of a nested object write `#[profile(path = \"a.b\")]`"
)]
pub trait ProfileMember: Sized {
    /// What a value has to be, for error messages: "a text".
    const EXPECTED: &'static str;

    /// The value, if it is of this type.
    fn from_value(value: &Value) -> Option<Self>;

    /// What stands for a member that is missing or null.
    #[must_use]
    fn absent() -> Option<Self> {
        None
    }

    /// What stands for a member that only decorates and cannot be read; nothing if the type has no
    /// such value, as numbers have none.
    #[must_use]
    fn nothing() -> Option<Self> {
        Self::absent()
    }

    /// Reads the first of several places that has a value. A place is a JSON Pointer (RFC 6901)
    /// and the path as it was written.
    ///
    /// # Errors
    ///
    /// [`ProfileError`] naming the places.
    fn of_profile(
        raw: &Value,
        places: &[(&'static str, &'static str)],
    ) -> Result<Self, ProfileError> {
        member(raw, places)
    }

    /// Reads a member that only decorates: the first of several places with a value of this type, or
    /// [nothing](Self::nothing). What is passed over is noted.
    ///
    /// # Errors
    ///
    /// [`ProfileError`] naming the places, if nothing is no value of the type.
    fn of_decoration(
        raw: &Value,
        places: &[(&'static str, &'static str)],
        left_out: &mut Vec<ProfileError>,
    ) -> Result<Self, ProfileError> {
        for (value, path) in values(raw, places) {
            match Self::from_value(value) {
                Some(member) => return Ok(member),
                None => left_out.push(ProfileError::Type(path.into(), Self::EXPECTED)),
            }
        }
        match (member(raw, places), Self::nothing()) {
            (Ok(member), _) => Ok(member),
            (Err(error @ ProfileError::Missing(_)), Some(nothing)) => {
                left_out.push(error);
                Ok(nothing)
            }
            (Err(_), Some(nothing)) => Ok(nothing),
            (Err(error), None) => Err(error),
        }
    }

    /// Reads the member that should have an address: the first of several places that has a value,
    /// or the only entry of a list there. What is no text becomes one that is no address, so that it
    /// costs nobody the sign-in and the flow says that it was left out.
    ///
    /// # Errors
    ///
    /// [`ProfileError`] naming the places, if nothing is no value of the type.
    fn of_address(
        raw: &Value,
        places: &[(&'static str, &'static str)],
        left_out: &mut Vec<ProfileError>,
    ) -> Result<Self, ProfileError> {
        let Some((value, path)) = values(raw, places).next() else {
            return Self::of_decoration(raw, places, left_out);
        };
        if value.is_array() && address_text(value).is_some() {
            let what = "a text, but a list of one, which is taken";
            left_out.push(ProfileError::Type(path.into(), what));
        }
        let text = address_text(value).map_or_else(|| value.to_string(), ToOwned::to_owned);
        let address = Self::from_value(&Value::String(text));
        address.or_else(Self::nothing).ok_or(ProfileError::Type(path.into(), Self::EXPECTED))
    }

    /// Reads what a provider says about the proof of an address: true, or the text `true` that some
    /// send. In doubt it is false.
    ///
    /// # Errors
    ///
    /// [`ProfileError`] naming the places, if the type has no truth in it.
    fn of_proof(
        raw: &Value,
        places: &[(&'static str, &'static str)],
        left_out: &mut Vec<ProfileError>,
    ) -> Result<Self, ProfileError> {
        let Some((value, path)) = values(raw, places).next() else {
            let doubt = || Self::from_value(&Value::Bool(false));
            return Self::absent().or_else(doubt).map_or_else(|| member(raw, places), Ok);
        };
        let is_clear = value.is_boolean() || matches!(value.as_str(), Some("true" | "false"));
        if !is_clear {
            left_out.push(ProfileError::Type(path.into(), "true or false, so it is false"));
        }
        Self::from_value(&Value::Bool(says_proven(value) == Some(true)))
            .ok_or(ProfileError::Type(path.into(), Self::EXPECTED))
    }
}

#[diagnostic::do_not_recommend]
impl ProfileMember for String {
    const EXPECTED: &'static str = "a text";

    /// Integers become their digits: providers change their mind about the type of ids.
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) if !number.is_f64() => Some(number.to_string()),
            value => Some(whole(value)?.to_string()),
        }
    }

    fn nothing() -> Option<Self> {
        Some(Self::new())
    }
}

/// The integer that a number with a point or an exponent is, such as `7.0`. A double beyond 2^43 has
/// fewer than ten bits for a fraction, and beyond 2^53 it stands for several integers: what was meant
/// is anybody's guess. Smaller ones that only rounding made an integer are none to the reader of
/// answers ([`unambiguous`](crate::json::unambiguous)).
fn whole(value: &Value) -> Option<i64> {
    const EXACT: f64 = 8_796_093_022_208.0;
    let number = value.as_f64().filter(|_| value.is_f64())?;
    (number.fract() == 0.0 && number.abs() < EXACT).then_some(number as i64)
}

macro_rules! integers {
    ($($integer:ty),*) => {
        $(
        #[diagnostic::do_not_recommend]
        impl ProfileMember for $integer {
            const EXPECTED: &'static str = concat!("an integer that fits ", stringify!($integer));

            fn from_value(value: &Value) -> Option<Self> {
                value.as_i64().and_then(|number| number.try_into().ok())
                    .or_else(|| value.as_u64().and_then(|number| number.try_into().ok()))
                    .or_else(|| whole(value).and_then(|number| number.try_into().ok()))
            }
        }

        #[diagnostic::do_not_recommend]
        impl AccountId for $integer {
            fn account_id(&self) -> String {
                self.to_string()
            }
        }

        #[diagnostic::do_not_recommend]
        impl ProfileText for $integer {
            fn text(&self) -> Option<Cow<'_, str>> {
                Some(self.to_string().into())
            }
        })*
    };
}

integers!(u16, u32, u64, i16, i32, i64);

#[diagnostic::do_not_recommend]
impl ProfileMember for f64 {
    const EXPECTED: &'static str = "a number";

    fn from_value(value: &Value) -> Option<Self> {
        value.as_f64()
    }
}

#[diagnostic::do_not_recommend]
impl ProfileMember for bool {
    const EXPECTED: &'static str = "true or false";

    fn from_value(value: &Value) -> Option<Self> {
        value.as_bool()
    }
}

#[diagnostic::do_not_recommend]
impl ProfileMember for Value {
    const EXPECTED: &'static str = "JSON";

    fn from_value(value: &Value) -> Option<Self> {
        Some(value.clone())
    }

    fn nothing() -> Option<Self> {
        Some(Self::Null)
    }
}

#[diagnostic::do_not_recommend]
impl<T: ProfileMember> ProfileMember for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn from_value(value: &Value) -> Option<Self> {
        T::from_value(value).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

#[diagnostic::do_not_recommend]
impl<T: ProfileMember> ProfileMember for Vec<T> {
    const EXPECTED: &'static str = "a list";

    fn from_value(value: &Value) -> Option<Self> {
        value.as_array()?.iter().map(T::from_value).collect()
    }

    fn nothing() -> Option<Self> {
        Some(Self::new())
    }
}

/// The type of the field `#[profile(id)]`: what always names an account.
#[diagnostic::on_unimplemented(
    message = "OAUTH_PARSE_PROFILE_ERROR: a member of type `{Self}` cannot be the id of an account",
    label = "neither a `String` nor an integer of 16 to 64 bits",
    note = "make it a `String`, which reads an integer as well; an `Option` is not an id, because an \
            account without one would be a new account at every sign-in",
    note = "a type of your own implements `typegate::provider::ProfileMember` and \
            `typegate::provider::AccountId`"
)]
pub trait AccountId: ProfileMember {
    /// The id as it is stored: integers as their decimal digits.
    fn account_id(&self) -> String;

    /// Reads the first of several places that has a value.
    ///
    /// # Errors
    ///
    /// [`ProfileError`] naming the places.
    fn of_account(
        raw: &Value,
        places: &[(&'static str, &'static str)],
    ) -> Result<Self, ProfileError> {
        Self::of_profile(raw, places)
    }
}

#[diagnostic::do_not_recommend]
impl AccountId for String {
    fn account_id(&self) -> String {
        self.clone()
    }
}

/// The type of a field that is a name, an address or a picture, or stands in a template, and of
/// what a function makes one of.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a text of a user",
    label = "neither text nor an integer",
    note = "a function returns `Option<String>`, or `String`, `&str` or an integer; `.ok()` makes an \
            `Option` of a `Result`",
    note = "a field is a `String`, an integer, or an `Option` of one of them"
)]
pub trait ProfileText {
    /// The text, if there is one. An empty text is none.
    fn text(&self) -> Option<Cow<'_, str>>;
}

#[diagnostic::do_not_recommend]
impl ProfileText for String {
    fn text(&self) -> Option<Cow<'_, str>> {
        self.as_str().text()
    }
}

#[diagnostic::do_not_recommend]
impl ProfileText for str {
    fn text(&self) -> Option<Cow<'_, str>> {
        (!self.is_empty()).then_some(Cow::Borrowed(self))
    }
}

/// A function may return a part of the profile.
#[diagnostic::do_not_recommend]
impl<T: ProfileText + ?Sized> ProfileText for &T {
    fn text(&self) -> Option<Cow<'_, str>> {
        (**self).text()
    }
}

#[diagnostic::do_not_recommend]
impl<T: ProfileText> ProfileText for Option<T> {
    fn text(&self) -> Option<Cow<'_, str>> {
        self.as_ref()?.text()
    }
}

/// The type of a field that is a name, an address or a picture, or stands in a template. Derives ask
/// for this alone, so that a type which is neither read nor text is one error.
#[diagnostic::on_unimplemented(
    message = "a member of type `{Self}` cannot be text, such as a name, an address or a picture",
    label = "neither text nor an integer",
    note = "use `String`, an integer, or `Option` of one of them; what is within an object or a list \
            has a path: `#[profile(path = \"picture.url\")]`, `#[profile(path = \"emails[0]\")]`",
    note = "or make it a `serde_json::Value` without this role, and name a function above the struct, \
            such as `#[profile(image = avatar)]`",
    note = "a type of your own implements `typegate::provider::ProfileMember` and \
            `typegate::provider::ProfileText`"
)]
pub trait TextMember: Sized {
    /// As [`ProfileMember::of_decoration`] reads it.
    ///
    /// # Errors
    ///
    /// [`ProfileError`] naming the places, if nothing is no value of the type.
    fn of_text(
        raw: &Value,
        places: &[(&'static str, &'static str)],
        left_out: &mut Vec<ProfileError>,
    ) -> Result<Self, ProfileError>;

    /// As [`ProfileMember::of_address`] reads it.
    ///
    /// # Errors
    ///
    /// [`ProfileError`] naming the places, if nothing is no value of the type.
    fn of_text_address(
        raw: &Value,
        places: &[(&'static str, &'static str)],
        left_out: &mut Vec<ProfileError>,
    ) -> Result<Self, ProfileError>;

    /// Its [`ProfileText::text`].
    fn member_text(&self) -> Option<Cow<'_, str>>;
}

#[diagnostic::do_not_recommend]
impl<T: ProfileMember + ProfileText> TextMember for T {
    fn of_text(
        raw: &Value,
        places: &[(&'static str, &'static str)],
        left_out: &mut Vec<ProfileError>,
    ) -> Result<Self, ProfileError> {
        Self::of_decoration(raw, places, left_out)
    }

    fn of_text_address(
        raw: &Value,
        places: &[(&'static str, &'static str)],
        left_out: &mut Vec<ProfileError>,
    ) -> Result<Self, ProfileError> {
        Self::of_address(raw, places, left_out)
    }

    fn member_text(&self) -> Option<Cow<'_, str>> {
        self.text()
    }
}

/// The text of a member that should have an address: the member, or the only entry of a list.
pub(crate) fn address_text(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Array(entries) => match entries.as_slice() {
            [Value::String(text)] => Some(text),
            _ => None,
        },
        _ => None,
    }
}

/// The values that there are, and their paths.
fn values<'a>(
    raw: &'a Value,
    places: &'a [(&'static str, &'static str)],
) -> impl Iterator<Item = (&'a Value, &'static str)> {
    places.iter().filter_map(|(pointer, path)| {
        let value = raw.pointer(pointer).filter(|value| !value.is_null())?;
        Some((value, *path))
    })
}

pub(crate) fn member<T: ProfileMember>(
    raw: &Value,
    places: &[(&'static str, &'static str)],
) -> Result<T, ProfileError> {
    match values(raw, places).next() {
        Some((value, path)) => {
            T::from_value(value).ok_or(ProfileError::Type(path.into(), T::EXPECTED))
        }
        None => T::absent().ok_or_else(|| {
            let paths: Vec<&str> = places.iter().map(|(_, path)| *path).collect();
            ProfileError::Missing(paths.join("` or `").into())
        }),
    }
}

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
