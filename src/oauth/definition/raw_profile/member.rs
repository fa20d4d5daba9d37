//! The members of an answer: the types that they are read into, and from which of several places.

use serde_json::Value;

use super::{ProfileError, says_proven};

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
        $(#[diagnostic::do_not_recommend]
        impl ProfileMember for $integer {
            const EXPECTED: &'static str = concat!("an integer that fits ", stringify!($integer));

            fn from_value(value: &Value) -> Option<Self> {
                value.as_i64().and_then(|number| number.try_into().ok())
                    .or_else(|| value.as_u64().and_then(|number| number.try_into().ok()))
                    .or_else(|| whole(value).and_then(|number| number.try_into().ok()))
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
