//! Unambiguous JSON: the responses and tokens of identity providers, read so that no two parsers can
//! see two different persons, tokens or keys in them (RFC 8725 section 2.6).
//!
//! A repeated member anywhere makes the whole text invalid: parsers differ in whether the first or the
//! last one counts (RFC 8259 section 4), and which member identifies a person depends on the provider's
//! mapping. Only members that never identify anybody may be repeated, such as a display name or a
//! picture ([`DECORATING`]), and whatever is nested in them. The last one counts there, as in
//! JavaScript and so in NextAuth v4.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::model::JsonObject;

/// Members that say how somebody is shown and never who it is. Names by which people are known at
/// their provider (`login`, `preferred_username`) are not among them: applications take them for
/// ids.
const DECORATING: [&str; 31] = [
    "address",
    "avatar",
    "avatar_url",
    "bio",
    "birthdate",
    "blog",
    "company",
    "display_name",
    "displayName",
    "family_name",
    "familyName",
    "first_name",
    "firstName",
    "full_name",
    "gender",
    "given_name",
    "givenName",
    "language",
    "last_name",
    "lastName",
    "locale",
    "location",
    "middle_name",
    "name",
    "nickname",
    "picture",
    "profile_image_url",
    "timezone",
    "updated_at",
    "website",
    "zoneinfo",
];

/// Why a text is no JSON object that says one thing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Unreadable {
    /// It is not JSON, or not an object.
    NotAnObject,
    /// A member is repeated.
    Repeated,
}

/// Reads a JSON object.
pub(crate) fn object(text: &[u8]) -> Result<JsonObject, Unreadable> {
    read(text, Part { decorates: false, is_of_token: false })
}

/// Reads a part of a token, in which no member may be repeated (RFC 7515 section 4, RFC 7519 section
/// 4): what is signed is as a library wrote it.
pub(crate) fn object_of_token(text: &[u8]) -> Result<JsonObject, Unreadable> {
    read(text, Part { decorates: false, is_of_token: true })
}

fn read(text: &[u8], whole: Part) -> Result<JsonObject, Unreadable> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let read = whole.deserialize(&mut deserializer);
    let value = read.map_err(|error| {
        // The one error of data that the visitor makes; all others are of syntax.
        if error.is_data() { Unreadable::Repeated } else { Unreadable::NotAnObject }
    })?;
    deserializer.end().map_err(|_| Unreadable::NotAnObject)?;
    match value {
        Value::Object(members) => Ok(members),
        _ => Err(Unreadable::NotAnObject),
    }
}

/// A value, and where it stands.
#[derive(Clone, Copy)]
struct Part {
    /// Inside of what only decorates.
    decorates: bool,
    /// In a token, where nothing does.
    is_of_token: bool,
}

impl<'de> DeserializeSeed<'de> for Part {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Part {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = sequence.next_element_seed(self)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = JsonObject::new();
        while let Some(name) = map.next_key::<String>()? {
            let decorates =
                !self.is_of_token && (self.decorates || DECORATING.contains(&name.as_str()));
            let value = map.next_value_seed(Self { decorates, ..self })?;
            if members.insert(name, value).is_some() && !decorates {
                return Err(A::Error::custom("a member is repeated"));
            }
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Result<Value, Unreadable> {
        object(text.as_bytes()).map(Value::Object)
    }

    #[test]
    fn r201_in_a_token_nothing_is_repeated() {
        for text in [
            r#"{"sub":"1","sub":"2"}"#,
            r#"{"name":"a","name":"b"}"#,
            r#"{"realm":{"roles":["a"],"roles":["admin"]}}"#,
            r#"{"picture":[{"url":"a","\u0075rl":"b"}]}"#,
        ] {
            assert_eq!(object_of_token(text.as_bytes()), Err(Unreadable::Repeated), "{text}");
        }
        assert!(object_of_token(br#"{"a":{"b":1},"c":{"b":2}}"#).is_ok());
    }

    #[test]
    fn r201_a_repeated_member_refuses_the_text_wherever_it_stands() {
        for text in [
            r#"{"sub":"1","sub":"2"}"#,
            r#"{"sub":"1","sub":"1"}"#,
            r#"{"sub":"1","\u0073ub":"2"}"#,
            r#"{"a":[{"b":{"c":1,"d":2,"c":3}}]}"#,
            r#"{"name":"x","":1,"":2}"#,
        ] {
            assert_eq!(read(text), Err(Unreadable::Repeated), "{text}");
        }
        for text in
            ["", "[]", "1", "null", "{", "{}x", "{} {}", "{\"a\":1,}", "{'a':1}", "\u{feff}{}"]
        {
            assert_eq!(read(text), Err(Unreadable::NotAnObject), "{text}");
        }
        assert_eq!(read(&"[".repeat(10_000)), Err(Unreadable::NotAnObject));
        assert_eq!(read(&"{\"a\":".repeat(10_000)), Err(Unreadable::NotAnObject));
    }

    #[test]
    fn r201_of_what_decorates_the_last_one_counts() {
        let text = r#"{"name":"a","sub":"1","name":"b","picture":{"data":{"url":"a","url":"b"}}}"#;
        let expected = json!({ "name": "b", "sub": "1", "picture": { "data": { "url": "b" } } });
        assert_eq!(read(text), Ok(expected));
    }

    /// What has no repeated member is read as ever.
    #[test]
    fn r201_everything_else_is_read_as_it_is() {
        let text =
            r#"{"a":null,"b":[true,-1,18446744073709551615,1.5,1e300],"c":{"d":"\u00e9\n"}}"#;
        assert_eq!(read(text), Ok(serde_json::from_str(text).unwrap()));
    }
}
