//! The account field: which field of a form names the account that somebody tries. For counting:
//! who signs in is for `authorize` alone to say.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeOwned, Deserializer, Error, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value;

use crate::model::JsonObject;
use crate::theme::CredentialField;

/// What such a field is called, in lower case and without joints.
const USUAL: [&str; 17] = [
    "account",
    "accountid",
    "email",
    "emailaddress",
    "handle",
    "identifier",
    "login",
    "loginid",
    "loginname",
    "mail",
    "name",
    "nickname",
    "phone",
    "phonenumber",
    "user",
    "userid",
    "username",
];

/// What a field with a secret has in its name.
const SECRET: [&str; 6] = ["code", "otp", "pass", "pin", "secret", "token"];

/// Names of a form beyond this are a flood.
const MAXIMUM: usize = 8;

/// More fields that could name an account than any form has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct TooMany;

/// How the field is found.
#[derive(Clone, Debug, Default)]
pub(crate) struct AccountFields {
    /// Those that the application named.
    named: Vec<String>,
    /// Those of the application's own type.
    of_type: &'static [&'static str],
}

impl AccountFields {
    /// Those of a type that `authorize` takes, as far as it tells them.
    pub(super) fn of<C: DeserializeOwned>() -> Self {
        let of_type = match C::deserialize(Fields) {
            Ok(_) => &[],
            Err(Found(fields)) => fields,
        };
        Self { named: Vec::new(), of_type }
    }

    pub(super) fn name(&mut self, field: String) {
        self.named.push(field);
    }

    /// With the type of another one.
    pub(super) fn of_the_type_of(self, other: &Self) -> Self {
        Self { of_type: other.of_type, ..self }
    }

    /// A field that was named, but is one neither of the sign-in page nor of the application's type; and
    /// those that there are. A type that tells no fields may have any.
    pub(super) fn mistaken<'a>(
        &'a self,
        shown: &'a [CredentialField],
    ) -> Option<(&'a str, Vec<&'a str>)> {
        let shown = shown.iter().map(|field| field.key.as_str());
        let mut there: Vec<&str> = shown.chain(self.of_type.iter().copied()).collect();
        there.sort_unstable();
        there.dedup();
        let mut named = self.named.iter().map(String::as_str);
        let mistaken = named.find(|name| !there.contains(name))?;
        (!self.of_type.is_empty()).then_some((mistaken, there))
    }

    /// What the form calls the account, and in which field. Every field that may do it counts: a
    /// visitor chooses what the form has, and a field for show must not hide the one that
    /// `authorize` looks at. A form without the named fields is looked through as if none were named.
    pub(super) fn in_form<'f>(
        &self,
        shown: &[CredentialField],
        form: &'f JsonObject,
    ) -> Result<Vec<(String, Cow<'f, str>)>, TooMany> {
        let mut values = Vec::new();
        let take = |values: &mut Vec<(String, Cow<'f, str>)>, name: &str| {
            match form.get(name) {
                Some(Value::String(text)) => values.push((name.to_owned(), text.as_str().into())),
                None | Some(Value::Null) => {}
                Some(value) => values.push((name.to_owned(), value.to_string().into())),
            }
            if values.len() > MAXIMUM { Err(TooMany) } else { Ok(()) }
        };
        if !self.named.is_empty() {
            self.named.iter().try_for_each(|name| take(&mut values, name))?;
            if !values.is_empty() {
                return Ok(values);
            }
        }
        let shown = shown.iter().filter(|field| field.input_type.as_deref() != Some("password"));
        let shown = shown.map(|field| field.key.as_str());
        let mut names: Vec<&str> = shown.chain(self.of_type.iter().copied()).collect();
        names.retain(|name| !is_secret(name));
        if names.iter().any(|name| is_usual(name)) {
            names.retain(|name| is_usual(name));
        }
        if self.of_type.is_empty() {
            // `authorize` may look at anything.
            names.extend(form.keys().map(String::as_str).filter(|name| is_usual(name)));
        }
        names.sort_unstable();
        names.dedup();
        names.into_iter().try_for_each(|name| take(&mut values, name))?;
        Ok(values)
    }
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-' | '.')).flat_map(char::to_lowercase).collect()
}

/// Whether a field of the sign-in page asks for the name of the account, and not for a secret.
pub(crate) fn names_account(field: &CredentialField) -> bool {
    field.input_type.as_deref() != Some("password") && is_usual(&field.key)
}

fn is_usual(name: &str) -> bool {
    USUAL.contains(&plain(name).as_str())
}

fn is_secret(name: &str) -> bool {
    let name = plain(name);
    SECRET.iter().any(|part| name.contains(part))
}

/// Asks a type which fields it has, and gives it nothing.
struct Fields;

/// The fields, by way of an error.
#[derive(Debug)]
struct Found(&'static [&'static str]);

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("only the fields were asked for")
    }
}

impl std::error::Error for Found {}

impl Error for Found {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self(&[])
    }
}

impl<'de> Deserializer<'de> for Fields {
    type Error = Found;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Found> {
        Err(Found(&[]))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Found> {
        Err(Found(fields))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Found> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Found> {
        visitor.visit_some(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use serde_json::json;

    use super::*;

    #[derive(serde::Deserialize)]
    #[expect(dead_code, reason = "only its fields are asked for")]
    struct Login {
        #[serde(rename = "E-Mail", alias = "login")]
        email: String,
        password: String,
        remember_me: Option<bool>,
    }

    #[derive(serde::Deserialize)]
    #[expect(dead_code, reason = "only its fields are asked for")]
    struct Member {
        matriculation: u64,
        pin: String,
    }

    #[derive(serde::Deserialize)]
    #[expect(dead_code, reason = "only its fields are asked for")]
    struct Wrapped(Member);

    fn in_form(fields: &AccountFields, shown: &[CredentialField], form: Value) -> Vec<String> {
        let Value::Object(form) = form else { panic!("{form}") };
        let values = fields.in_form(shown, &form).unwrap();
        let mut values: Vec<String> = values.into_iter().map(|(_, value)| value.into()).collect();
        values.sort();
        values
    }

    #[test]
    fn r194_the_field_is_known_from_the_applications_own_type() {
        let login = AccountFields::of::<Login>();
        assert_eq!(in_form(&login, &[], json!({ "E-Mail": "ada", "username": "bob" })), ["ada"]);
        assert_eq!(in_form(&login, &[], json!({ "login": "ada", "password": "x" })), ["ada"]);
        for fields in [AccountFields::of::<Member>(), AccountFields::of::<Wrapped>()] {
            assert_eq!(in_form(&fields, &[], json!({ "matriculation": 17, "pin": "1" })), ["17"]);
        }
    }

    #[test]
    fn r194_the_field_is_known_from_the_form_that_is_shown() {
        let shown =
            [CredentialField::new("card"), CredentialField::new("number").input_type("password")];
        let map = AccountFields::of::<HashMap<String, String>>();
        assert_eq!(in_form(&map, &shown, json!({ "card": "7", "number": "1" })), ["7"]);
        // Nothing is known: whatever the form has that is usual.
        let form = json!({ "user_name": "ada", "EMAIL": "b@c.de", "password": "x", "x": "y" });
        assert_eq!(in_form(&map, &[], form), ["ada", "b@c.de"]);
        assert!(in_form(&map, &[], json!({ "password": "x", "username": null })).is_empty());
    }

    #[test]
    fn r194_a_flood_of_names_is_too_many() {
        let map = AccountFields::of::<Value>();
        let names = (0..9).map(|number| format!("user{}name", "_".repeat(number)));
        let form: JsonObject = names.map(|name| (name, json!("decoy"))).collect();
        assert_eq!(map.in_form(&[], &form), Err(TooMany));
    }

    #[test]
    fn r194_an_application_names_the_field_itself() {
        let mut fields = AccountFields::of::<Login>();
        fields.name("card".into());
        let form = json!({ "card": ["a", "b"], "E-Mail": "ada" });
        assert_eq!(in_form(&fields, &[], form), [r#"["a","b"]"#]);
    }

    #[test]
    fn r225_a_form_without_the_named_field_is_counted_by_what_is_usual() {
        let mut fields = AccountFields::of::<HashMap<String, String>>();
        fields.name("card".into());
        assert_eq!(in_form(&fields, &[], json!({ "username": "ada" })), ["ada"]);
        assert_eq!(in_form(&fields, &[], json!({ "card": null, "email": "ada" })), ["ada"]);
        assert_eq!(in_form(&fields, &[], json!({ "card": "7", "username": "ada" })), ["7"]);
    }
}
