//! The fields of a query, a form or a JSON object, with one rule for repeated names.

use serde_json::Value;

use crate::model::JsonObject;

/// Deeper JSON than this is refused.
const MAXIMUM_DEPTH: usize = 64;

/// What a name stands for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Field<'a> {
    /// The name does not occur.
    Absent,
    /// The name occurs once, as text.
    Text(&'a str),
    /// The name is repeated, or its value is not text. Nothing is guessed from it.
    Unusable,
}

impl<'a> Field<'a> {
    /// The text, if it is text.
    pub(crate) fn text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Absent | Self::Unusable => None,
        }
    }
}

/// Fields in the order in which they came. A repeated name of a form becomes a list, as in v4.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields(JsonObject);

impl Fields {
    /// Reads `application/x-www-form-urlencoded` text, which a query is too.
    pub(crate) fn from_form(text: &[u8]) -> Self {
        let mut fields = JsonObject::new();
        for (name, value) in form_urlencoded::parse(text) {
            let value = Value::String(value.into_owned());
            match fields.get_mut(name.as_ref()) {
                None => {
                    fields.insert(name.into_owned(), value);
                }
                Some(Value::Array(values)) => values.push(value),
                Some(first) => *first = Value::Array(vec![first.take(), value]),
            }
        }
        Self(fields)
    }

    /// Reads a JSON object. Other JSON has no fields; text that is no JSON, or nested more than
    /// 64 deep, is `None`.
    pub(crate) fn from_json(bytes: &[u8]) -> Option<Self> {
        if depth(bytes) > MAXIMUM_DEPTH {
            return None;
        }
        match serde_json::from_slice(bytes).ok()? {
            Value::Object(fields) => Some(Self(fields)),
            _ => Some(Self::default()),
        }
    }

    pub(crate) fn field(&self, name: &str) -> Field<'_> {
        match self.0.get(name) {
            None => Field::Absent,
            Some(Value::String(text)) => Field::Text(text),
            Some(_) => Field::Unusable,
        }
    }

    /// The text of a name that occurs once.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.field(name).text()
    }

    /// A field as JSON, of whatever type.
    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    pub(crate) fn as_object(&self) -> &JsonObject {
        &self.0
    }
}

/// How deep brackets are nested, without building anything.
fn depth(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest, mut in_text, mut escaped) = (0_usize, 0, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r151_a_repeated_field_is_unusable() {
        let fields = Fields::from_form(b"email=a&email=b&x=1&x=2&x=3&y=+%26");
        assert_eq!(fields.field("email"), Field::Unusable);
        assert_eq!(fields.field("x"), Field::Unusable);
        assert_eq!(fields.field("y"), Field::Text(" &"));
        assert_eq!(fields.field("z"), Field::Absent);
    }

    #[test]
    fn r150_r152_json_of_any_kind_is_read_or_refused() {
        let fields =
            Fields::from_json(br#"{"json":true,"n":1,"l":["a"],"o":{},"z":null}"#).unwrap();
        for name in ["json", "n", "l", "o", "z"] {
            assert_eq!(fields.field(name), Field::Unusable, "{name}");
        }
        for bad in [&b"{"[..], b"{\"a\":1,}", b"NaN", b"\xef\xbb\xbf{}", b"{\"a\":\"\xff\"}", b""] {
            assert!(Fields::from_json(bad).is_none(), "{bad:?}");
        }
        assert!(Fields::from_json(&b"[".repeat(100_000)).is_none());
        assert!(Fields::from_json(b"[1]").unwrap().as_object().is_empty());
        assert!(Fields::from_json(br#"{"a":"[[[[\"[[["}"#).is_some());
    }
}
