//! What a member is to a user: the id of an account, or text.

use std::borrow::Cow;

use serde_json::Value;

use super::{ProfileError, ProfileMember};

/// The type of the field `#[profile(id)]`: what always names an account.
#[diagnostic::on_unimplemented(
    message = "OAUTH_PARSE_PROFILE_ERROR: a member of type `{Self}` cannot be the id of an account",
    label = "neither a `String` nor an integer of 16 to 64 bits",
    note = "make it a `String`, which reads an integer as well; an `Option` is not an id, because an \
            account without one would be a new account at every sign-in",
    note = "a text within it is named by its path: `#[profile(id, path = \"data.id\")]`, on a `String`",
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

macro_rules! integers {
    ($($integer:ty),*) => {
        $(#[diagnostic::do_not_recommend]
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
