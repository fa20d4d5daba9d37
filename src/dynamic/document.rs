//! A configuration as a tree that remembers where each part stands in the text.

use std::ops::Range;

/// Bytes of the source text.
pub(super) type Span = Range<usize>;

/// A value and its place, if the format knows places.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) span: Option<Span>,
    pub(super) value: Value,
}

#[derive(Clone, Debug)]
pub(super) enum Value {
    Null,
    Boolean(bool),
    Integer(i64),
    /// A number with a fraction, or too large for any setting.
    Number,
    DateTime,
    Text(String),
    List(Vec<Node>),
    /// In the order of the text.
    Table(Vec<Entry>),
}

#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) key_span: Option<Span>,
    pub(super) value: Node,
}

impl Value {
    /// What people call it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "true or false",
            Self::Integer(..0) => "a negative number",
            Self::Integer(_) => "a whole number",
            Self::Number => "a number",
            Self::DateTime => "a date",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

impl Node {
    /// The places of all texts below that may be secrets: all but those of a few keys.
    pub(super) fn text_spans(&self, spans: &mut Vec<Span>) {
        const NAMES: [&str; 7] = ["id", "issuer", "key", "label", "registered", "strategy", "type"];
        match &self.value {
            Value::Text(_) => spans.extend(self.span.clone()),
            Value::List(nodes) => nodes.iter().for_each(|node| node.text_spans(spans)),
            Value::Table(entries) => {
                let is_name = |entry: &Entry| match &entry.value.value {
                    Value::Text(text) if entry.key == "env" => is_variable_name(text),
                    Value::Text(text) if entry.key == "file" => is_path(text),
                    Value::Text(_) => NAMES.contains(&entry.key.as_str()),
                    _ => false,
                };
                let rest = entries.iter().filter(|entry| !is_name(entry));
                rest.for_each(|entry| entry.value.text_spans(spans));
            }
            _ => {}
        }
    }
}

/// Whether a text can be the name of an environment variable, and not a secret in its place.
pub(super) fn is_variable_name(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

/// Whether a text can be the path of a secret's file, and not a secret in its place.
pub(super) fn is_path(text: &str) -> bool {
    text.starts_with(['/', '.']) || text.get(1..3) == Some(":\\")
}
