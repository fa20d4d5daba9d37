//! Lists of names and texts: parameters, headers, members of a form; and JSON.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Lit, LitStr};

use crate::entry::{Entry, Value};
use crate::errors::Errors;
use crate::meta::Entries;
use crate::tokens::text_of;

/// Names and texts, in their order.
#[derive(Default)]
pub(crate) struct Parameters(pub(crate) Vec<Parameter>);

pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) span: Span,
    pub(crate) value: LitStr,
}

impl Parameters {
    /// `group(name = "text", "other.name" = "text", json(..))`.
    pub(crate) fn take(entries: &mut Entries, group: &'static str, errors: &mut Errors) -> Self {
        let mut parameters: Vec<Parameter> = Vec::new();
        for Entry { name, span, value, .. } in entries.take_list(group, errors) {
            if parameters.iter().any(|known| known.name.eq_ignore_ascii_case(&name)) {
                errors.add(span, format!("`{name}` is given twice in `{group}`: remove this one"));
                continue;
            }
            match value {
                Value::Literal(Lit::Str(value)) => {
                    parameters.push(Parameter { name, span, value });
                }
                Value::List(list) => {
                    let value = LitStr::new(&json(list, errors), span);
                    parameters.push(Parameter { name, span, value });
                }
                value => {
                    let (name, text) = match (&value, name.split_once(':')) {
                        (Value::Nothing, Some((name, text))) => (name.trim(), text.trim()),
                        (Value::Nothing, None) => (name.as_str(), ".."),
                        _ => (name.as_str(), ""),
                    };
                    let text = match value {
                        Value::Literal(Lit::Int(number)) => number.base10_digits().to_owned(),
                        Value::Literal(Lit::Bool(truth)) => truth.value.to_string(),
                        Value::Path(path) => text_of(&quote!(#path)),
                        Value::Brackets(words) => words.join(" "),
                        _ if text.is_empty() => "..".to_owned(),
                        _ => text.to_owned(),
                    };
                    let write = Entry {
                        name: name.to_owned(),
                        span,
                        is_quoted: false,
                        value: Value::Literal(Lit::Str(LitStr::new(&text, span))),
                    };
                    let message =
                        format!("`{name}` needs text: write `{group}({})`", write.written());
                    errors.add(span, message);
                }
            }
        }
        Self(parameters)
    }

    /// The same, for headers.
    pub(crate) fn take_headers(entries: &mut Entries, errors: &mut Errors) -> Self {
        let headers = Self::take(entries, "headers", errors);
        for Parameter { name, span, value } in &headers.0 {
            let is_token = !name.is_empty()
                && name
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b));
            if !is_token {
                errors.add(*span, format!("`{name}` is not a header name: {}", unnamed(name)));
            } else if name.eq_ignore_ascii_case("authorization") && value.value().is_empty() {
                errors.add(*span, "an empty `Authorization` header says nothing: remove it");
            }
            if let Some(found) = value.value().chars().find(|c| !matches!(c, ' '..='~')) {
                let message = format!(
                    "a header may have printable ASCII only, and this has {}: remove it",
                    character(found)
                );
                errors.add(value.span(), message);
            }
        }
        headers
    }

    pub(crate) fn texts(&self) -> impl Iterator<Item = &LitStr> {
        self.0.iter().map(|parameter| &parameter.value)
    }

    pub(crate) fn expand(&self) -> TokenStream {
        let pairs = self.0.iter().map(|Parameter { name, value, .. }| quote!((#name, #value)));
        quote!(&[#(#pairs),*])
    }
}

/// Why a name is not one of a header, and what it may have been.
fn unnamed(name: &str) -> String {
    let is_legal = |c: &char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(*c);
    let likely: String = name.split_whitespace().collect::<Vec<_>>().join("-");
    match name.chars().find(|c| !is_legal(c)) {
        None => "it is empty".to_owned(),
        Some(found) if !likely.is_empty() && likely.chars().all(|c| is_legal(&c)) => {
            format!("it has {}. Write `{likely}`", character(found))
        }
        Some(found) => format!("it has {}", character(found)),
    }
}

fn character(found: char) -> String {
    match found {
        ' ' => "a space".to_owned(),
        '\n' | '\r' => "a line break".to_owned(),
        '\t' => "a tab".to_owned(),
        other => format!("the character `{}`", other.escape_debug()),
    }
}

/// `name = "text"`, `name = 1`, `name = true`, `name(..)` for an object and `name` alone for null.
pub(crate) fn json(list: Vec<Entry>, errors: &mut Errors) -> String {
    let members: Vec<String> = list
        .into_iter()
        .map(|Entry { name, span, value, .. }| {
            let value = match value {
                Value::Nothing => "null".to_owned(),
                Value::List(list) => json(list, errors),
                Value::Literal(Lit::Str(text)) => json_text(&text.value()),
                Value::Literal(Lit::Int(number)) => number.base10_digits().to_owned(),
                Value::Literal(Lit::Bool(truth)) => truth.value.to_string(),
                _ => {
                    let message = "JSON is written with texts, integers, `true`, `false`, \
                                   `name(..)` for an object and `name` alone for null";
                    errors.add(span, message);
                    String::new()
                }
            };
            format!("{}:{value}", json_text(&name))
        })
        .collect();
    format!("{{{}}}", members.join(","))
}

fn json_text(text: &str) -> String {
    let mut json = String::from('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => json.extend(['\\', character]),
            '\n' => json.push_str("\\n"),
            '\t' => json.push_str("\\t"),
            _ if character.is_control() => {
                json.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            _ => json.push(character),
        }
    }
    json.push('"');
    json
}
