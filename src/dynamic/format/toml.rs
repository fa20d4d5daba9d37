//! TOML 1.1.

use toml::de::{DeTable, DeValue};

use super::{Parsed, SyntaxError};
use crate::dynamic::document::{Entry, Node, Span, Value};

pub(in crate::dynamic) fn read(text: &str) -> Parsed {
    let (table, errors) = DeTable::parse_recoverable(text);
    let errors: Vec<SyntaxError> = errors
        .into_iter()
        .map(|error| {
            let span = error.span();
            let key = span.clone().and_then(|span| text.get(span));
            match key {
                Some(key) if error.message() == "duplicate key" => {
                    let key = key.trim_matches(['"', '\'']).to_owned();
                    SyntaxError::Repeated { key, span }
                }
                _ => SyntaxError::Malformed { message: error.message().to_owned(), span },
            }
        })
        .collect();
    let understood = errors.iter().all(|error| matches!(error, SyntaxError::Repeated { .. }));
    let span = table.span();
    Parsed { root: understood.then(|| table_node(table.get_ref(), span)), errors }
}

fn table_node(table: &DeTable<'_>, span: Span) -> Node {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().clone().into_owned(),
            key_span: Some(key.span()),
            value: node(value.get_ref(), value.span()),
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_span.as_ref().map(|span| span.start));
    Node { span: Some(span), value: Value::Table(entries) }
}

fn node(value: &DeValue<'_>, span: Span) -> Node {
    let value = match value {
        DeValue::String(text) => Value::Text(text.clone().into_owned()),
        DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
            .map_or(Value::Number, Value::Integer),
        DeValue::Float(_) => Value::Number,
        DeValue::Boolean(boolean) => Value::Boolean(*boolean),
        DeValue::Datetime(_) => Value::DateTime,
        DeValue::Array(values) => {
            let nodes = values.iter().map(|value| node(value.get_ref(), value.span()));
            Value::List(nodes.collect())
        }
        DeValue::Table(table) => return table_node(table, span),
    };
    Node { span: Some(span), value }
}
