//! The form of credentials as the type that `authorize` takes, and why it is not one: in words that
//! hold nothing of what was typed.

use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value;

use crate::model::JsonObject;

/// The fields that a message names of those that were sent.
const NAMED_FIELDS: usize = 8;
/// The characters of a name that a message repeats.
const NAME_LENGTH: usize = 64;

/// The type that `authorize` takes: the submitted form, read by serde.
///
/// The members are the fields of the form, such as `username` and `password`.
#[diagnostic::on_unimplemented(
    message = "`authorize` takes a form, and `{Self}` cannot be read from one",
    label = "takes `{Self}`, which serde cannot read",
    note = "write `#[derive(serde::Deserialize)]` above a struct of your own, with a field for each \
            field of the form: `String`, and not `&str`; axum's `Form` and `Json` are not around it",
    note = "the form is the first argument; an `AuthorizeRequest` may be the second"
)]
pub trait CredentialsForm: DeserializeOwned + Send + 'static {}

#[diagnostic::do_not_recommend]
impl<C: DeserializeOwned + Send + 'static> CredentialsForm for C {}

/// # Errors
///
/// What does not fit, for the log.
pub(super) fn credentials_of<C: DeserializeOwned>(form: &JsonObject) -> Result<C, String> {
    C::deserialize(&Value::Object(form.clone())).map_err(|_| {
        let misfit = C::deserialize(Form(form)).err();
        let misfit = misfit.map_or_else(|| Misfit::unnamed().to_string(), |it| it.to_string());
        format!("the form does not fit the type that `authorize` takes: {misfit}; {}", sent(form))
    })
}

fn sent(form: &JsonObject) -> String {
    let names: Vec<String> = form.keys().take(NAMED_FIELDS).map(|name| quoted(name)).collect();
    let more = if form.len() > NAMED_FIELDS { ", …" } else { "" };
    format!("it has {}{more}", names.join(", "))
}

fn quoted(name: &str) -> String {
    let name: String = name.chars().take(NAME_LENGTH).collect();
    format!("`{}`", name.escape_debug())
}

/// Why a form is not of a type. It knows names of fields and what was expected, and no values.
#[derive(Debug)]
struct Misfit(String);

impl Misfit {
    fn unnamed() -> Self {
        Self("a field is not of its type".into())
    }

    /// A field whose value was not taken. serde's text may have the value in it, save behind what
    /// it expected.
    fn of_field(name: &str, error: &serde_json::Error) -> Self {
        let text = error.to_string();
        let beginnings =
            ["invalid type: ", "invalid value: ", "invalid length ", "unknown variant "];
        let is_of_serde = beginnings.iter().any(|beginning| text.starts_with(beginning));
        let expected = text.rsplit_once(", expected ").filter(|_| is_of_serde);
        let name = quoted(name);
        Self(match expected {
            Some((_, expected)) => format!("{name} is not {expected}"),
            None => format!("{name} is not of its type"),
        })
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Misfit {}

impl Error for Misfit {
    /// Words of the application's own, which may quote anything.
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::unnamed()
    }

    fn unknown_field(name: &str, _: &'static [&'static str]) -> Self {
        Self(format!("{} is not one of its fields", quoted(name)))
    }

    fn missing_field(name: &'static str) -> Self {
        Self(format!("{} is missing", quoted(name)))
    }

    fn duplicate_field(name: &'static str) -> Self {
        Self(format!("{} is there twice", quoted(name)))
    }
}

/// A form that is read field by field.
struct Form<'f>(&'f JsonObject);

impl<'de> Deserializer<'de> for Form<'de> {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_map(Fields { left: self.0.iter(), current: None })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Fields<'f> {
    left: serde_json::map::Iter<'f>,
    current: Option<(&'f str, &'f Value)>,
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = Misfit;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Misfit> {
        self.current = self.left.next().map(|(name, value)| (name.as_str(), value));
        let name = self.current.map(|(name, _)| StrDeserializer::new(name));
        name.map(|name| seed.deserialize(name)).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Misfit> {
        let (name, value) = self.current.take().ok_or_else(Misfit::unnamed)?;
        seed.deserialize(value).map_err(|error| Misfit::of_field(name, &error))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Realm {
        Staff,
        Guests,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "it is read for its errors")]
    struct Login {
        username: String,
        #[serde(default)]
        pin: Option<u32>,
        #[serde(default)]
        realm: Option<Realm>,
        #[serde(default)]
        tags: Vec<bool>,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "it is read for its errors")]
    struct Wrapped(Login);

    #[test]
    fn a_misfit_names_the_field_and_quotes_no_value() {
        for (form, what) in [
            (json!({ "user": "hunter2" }), "`user` is not one of its fields; it has `user`"),
            (json!({}), "`username` is missing; it has "),
            (json!({ "username": ["hunter2"] }), "`username` is not a string; it has `username`"),
            (
                json!({ "username": "a", "pin": "hunter2, expected hunter2" }),
                "`pin` is not u32; it has `username`, `pin`",
            ),
            (
                json!({ "username": "a", "realm": "hunter2" }),
                "`realm` is not `staff` or `guests`; it has `username`, `realm`",
            ),
            (
                json!({ "username": "a", "tags": ["hunter2"] }),
                "`tags` is not a boolean; it has `username`, `tags`",
            ),
        ] {
            let form = form.as_object().unwrap();
            let expected = format!("the form does not fit the type that `authorize` takes: {what}");
            assert_eq!(credentials_of::<Login>(form).unwrap_err(), expected);
            assert_eq!(credentials_of::<Wrapped>(form).unwrap_err(), expected);
        }
        let many = (0..20).map(|number| (format!("{number}\n"), json!(1))).collect();
        let misfit = credentials_of::<Login>(&many).unwrap_err();
        assert!(misfit.ends_with("`7\\n`, …"), "{misfit}");
        let good = json!({ "username": "ada", "realm": "staff" });
        assert!(credentials_of::<Login>(good.as_object().unwrap()).is_ok());
    }
}
