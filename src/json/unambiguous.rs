//! Unambiguous JSON: the responses and tokens of identity providers, read so that no two parsers can
//! see two different persons, tokens or keys in them (RFC 8725 section 2.6).
//!
//! A repeated member anywhere makes the whole text invalid: parsers differ in whether the first or the
//! last one counts (RFC 8259 section 4), and which member identifies a person depends on the provider's
//! mapping. Only members that never identify anybody may be repeated, such as a display name or a
//! picture ([`DECORATING`]), and whatever is nested in them. The last one counts there, as in
//! JavaScript and so in NextAuth v4.
//!
//! Letters that cannot be read cost nobody the sign-in: bytes that are no UTF-8, halves of surrogate
//! pairs and U+0000, which some databases do not store, are U+FFFD. Two texts may become one by that,
//! so a text with U+FFFD names nobody ([`names_somebody`](crate::model::identifier::names_somebody)).

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::javascript::{Integers, decoded, may_have_inexact_number, mended};
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

/// Why a text is no JSON that says one thing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Unreadable {
    /// It is not JSON, or a mere value.
    NotJson,
    /// It is a list where an object was expected.
    List,
    /// A member is repeated.
    Repeated,
}

/// Reads an answer: an object or a list.
pub(crate) fn document(text: &[u8]) -> Result<Value, Unreadable> {
    // `Response.text()` of JavaScript leaves the mark out as well (RFC 8259 section 8.1).
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    match read_leniently(text, Part { decorates: false, is_of_token: false })? {
        value @ (Value::Object(_) | Value::Array(_)) => Ok(value),
        _ => Err(Unreadable::NotJson),
    }
}

/// Reads the claims of a token, in which no member may be repeated (RFC 7519 section 4): what is
/// signed is as a library wrote it. The signature is over the bytes, whatever is read of them.
pub(crate) fn claims(text: &[u8]) -> Result<JsonObject, Unreadable> {
    object_of(read_leniently(text, Part { decorates: false, is_of_token: true })?)
}

/// Reads what decides how a token is verified, such as its header (RFC 7515 section 4): no member is
/// repeated, and all of it is good JSON.
pub(crate) fn object_of_token(text: &[u8]) -> Result<JsonObject, Unreadable> {
    object_of(read(text, Part { decorates: false, is_of_token: true })?)
}

fn object_of(value: Value) -> Result<JsonObject, Unreadable> {
    match value {
        Value::Object(members) => Ok(members),
        Value::Array(_) => Err(Unreadable::List),
        _ => Err(Unreadable::NotJson),
    }
}

fn read_leniently(text: &[u8], whole: Part) -> Result<Value, Unreadable> {
    // Nearly every text is good as it is, so the mending costs nothing before it is needed.
    if !may_have_inexact_number(text) {
        match read(text, whole) {
            Err(Unreadable::NotJson) => {}
            outcome => return outcome,
        }
    }
    read(&mended(&decoded(text), Integers::Exact), whole)
}

fn read(text: &[u8], whole: Part) -> Result<Value, Unreadable> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let read = whole.deserialize(&mut deserializer);
    let value = read.map_err(|error| {
        // The one error of data that the visitor makes; all others are of syntax.
        if error.is_data() { Unreadable::Repeated } else { Unreadable::NotJson }
    })?;
    deserializer.end().map_err(|_| Unreadable::NotJson)?;
    Ok(value)
}

/// PostgreSQL has no U+0000 in texts.
pub(crate) fn storable(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
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
        Ok(storable(value.to_owned()).into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(storable(value).into())
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
            let name = storable(name);
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
        document(text.as_bytes())
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
        for text in ["", "1", "null", "{", "{}x", "{} {}", "{\"a\":1,}", "{'a':1}", "{}\u{feff}"] {
            assert_eq!(read(text), Err(Unreadable::NotJson), "{text}");
        }
        assert_eq!(read("[]"), Ok(json!([])));
        assert_eq!(claims(b"[]"), Err(Unreadable::List));
        assert_eq!(read(&"[".repeat(10_000)), Err(Unreadable::NotJson));
        assert_eq!(read(&"{\"a\":".repeat(10_000)), Err(Unreadable::NotJson));
    }

    #[test]
    fn letters_that_cannot_be_read_cost_a_letter() {
        let value = |text: &[u8]| claims(text).unwrap().remove("a").unwrap();
        for (text, expected) in [
            (b"{\"a\":\"Zo\xeb\"}" as &[u8], json!("Zo\u{fffd}")),
            (b"{\"a\":\"\xf0\x9f\x98x\"}", json!("\u{fffd}x")),
            (br#"{"a":"\ud800"}"#, json!("\u{fffd}")),
            (br#"{"a":"x\u0000y"}"#, json!("x\u{fffd}y")),
            (br#"{"a":["\ude00\u0000"]}"#, json!(["\u{fffd}\u{fffd}"])),
            (b"{\"a\":\"\xff\",\"b\":1e400}", json!("\u{fffd}")),
        ] {
            assert_eq!(value(text), expected);
            assert_eq!(document(text).unwrap()["a"], expected);
        }
        assert_eq!(document(b"\xef\xbb\xbf[1]"), Ok(json!([1])));
        // What two names have become is one member that is there twice.
        let twins = b"{\"i\xe9\":1,\"i\xeb\":2}";
        assert_eq!(document(twins), Err(Unreadable::Repeated));
        // How a token is verified is not guessed.
        for text in [b"{\"alg\":\"\xff\"}" as &[u8], br#"{"kid":"\ud800"}"#] {
            assert_eq!(object_of_token(text), Err(Unreadable::NotJson));
        }
    }

    #[test]
    fn integers_are_exact_to_the_last_digit() {
        for text in [
            "0",
            "-1",
            "9007199254740993",
            "9223372036854775808",
            "18446744073709551615",
            "-9223372036854775808",
        ] {
            let read = document(format!("[{text}]").as_bytes()).unwrap();
            assert!(read[0].is_number(), "{read}");
            assert_eq!(read[0].to_string(), text);
        }
        for text in ["18446744073709551616", "-9223372036854775809", "123456789012345678901234567"]
        {
            let read = document(format!(r#"{{"a":{text},"b":"{text}"}}"#).as_bytes());
            assert_eq!(read, Ok(json!({ "a": text, "b": text })));
        }
        let read = document(b"[1e30,12345678901234567890123.5]").unwrap();
        assert!(read[0].is_f64() && read[1].is_f64());
        assert_eq!(document(b"[01234567890123456789012]"), Err(Unreadable::NotJson));
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
