//! JSON (RFC 8259), without the liberties that some parsers take.

use std::collections::HashSet;

use jsonc_parser::ast::{Object, ObjectPropName, Value as JsonValue};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::{Parsed, SyntaxError};
use crate::dynamic::document::{Entry, Node, Value};

const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

pub(in crate::dynamic) fn read(text: &str) -> Parsed {
    let mut errors = Vec::new();
    let root = match parse_to_ast(text, &CollectOptions::default(), &STRICT) {
        Ok(parsed) => parsed.value.map(|value| node(&value, &mut errors)),
        Err(error) => {
            let range = error.range();
            let (message, span) = (error.kind().to_string(), Some(range.start..range.end));
            return Parsed { root: None, errors: vec![SyntaxError::Malformed { message, span }] };
        }
    };
    if root.is_none() {
        errors.push(SyntaxError::Malformed { message: "the text is empty".into(), span: None });
    }
    Parsed { root, errors }
}

fn node(value: &JsonValue<'_>, errors: &mut Vec<SyntaxError>) -> Node {
    let span = Some(value.start()..value.end());
    let value = match value {
        JsonValue::StringLit(text) => Value::Text(text.value.clone().into_owned()),
        JsonValue::NumberLit(number) => number.value.parse().map_or(Value::Number, Value::Integer),
        JsonValue::BooleanLit(boolean) => Value::Boolean(boolean.value),
        JsonValue::NullKeyword(_) => Value::Null,
        JsonValue::Array(array) => {
            Value::List(array.elements.iter().map(|value| node(value, errors)).collect())
        }
        JsonValue::Object(object) => Value::Table(entries(object, errors)),
    };
    Node { span, value }
}

fn entries(object: &Object<'_>, errors: &mut Vec<SyntaxError>) -> Vec<Entry> {
    let mut names = HashSet::new();
    let mut entries = Vec::new();
    for property in &object.properties {
        let (key, range) = match &property.name {
            ObjectPropName::String(name) => (name.value.clone().into_owned(), name.range),
            ObjectPropName::Word(name) => (name.value.to_owned(), name.range),
        };
        let key_span = Some(range.start..range.end);
        if !names.insert(key.clone()) {
            errors.push(SyntaxError::Repeated { key, span: key_span });
            continue;
        }
        entries.push(Entry { key, key_span, value: node(&property.value, errors) });
    }
    entries
}
