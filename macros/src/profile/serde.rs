//! Serde's attributes, which `RawProfile` does not see: those that say where or how a member is read
//! are refused, because somebody who wrote them counts on them.

use syn::{Attribute, Field, Fields, Lit};

use crate::entry::{self, Entry, Value};
use crate::errors::Errors;
use crate::tokens::{self, bare};

/// Attributes that only concern writing, or only serde's own code.
const HARMLESS: &[&str] = &[
    "skip_serializing",
    "skip_serializing_if",
    "serialize_with",
    "crate",
    "bound",
    "expecting",
    "deny_unknown_fields",
    "into",
    "remote",
];

/// Those above the struct.
pub(crate) fn check_struct(attributes: &[Attribute], fields: &Fields, errors: &mut Errors) {
    for Entry { name, span, value, .. } in entries(attributes) {
        let message = match (name.as_str(), value) {
            ("rename_all", value) => renamed(&value, fields),
            ("default", _) => Some(
                "`RawProfile` does not see `#[serde(default)]`: what may be missing is an `Option`, \
                 a text or a list here; write this attribute at a struct of its own"
                    .to_owned(),
            ),
            (name, _) => Some(format!(
                "`RawProfile` reads members by itself and does not see `#[serde({name})]`: remove \
                 it, or derive `RawProfile` for a struct of its own"
            )),
        };
        if let Some(message) = message {
            errors.add(span, message);
        }
    }
}

/// What a rule for names makes of the first field that it changes.
fn renamed(rule: &Value, fields: &Fields) -> Option<String> {
    let rule = match rule {
        Value::Literal(Lit::Str(rule)) => rule.value(),
        Value::List(list) => list.iter().find_map(|entry| match &entry.value {
            Value::Literal(Lit::Str(rule)) if entry.name == "deserialize" => Some(rule.value()),
            _ => None,
        })?,
        _ => String::new(),
    };
    let mut names = fields.iter().filter_map(tokens::name).map(bare);
    let changed = names.find_map(|name| {
        let in_json = in_case(&name, &rule)?;
        (in_json != name).then_some((name, in_json))
    });
    Some(match changed {
        Some((name, in_json)) => format!(
            "`RawProfile` reads members by itself and does not see serde's rule for names: write \
             `#[profile(path = \"{in_json}\")]` at the field `{name}`, and likewise at the others"
        ),
        None => "`RawProfile` reads members by itself and does not see serde's rule for names: \
                 write `#[profile(path = \"nameInJson\")]` at each field that has another name there"
            .to_owned(),
    })
}

/// The name by one of serde's rules.
fn in_case(name: &str, rule: &str) -> Option<String> {
    let capitalized = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string());
        first.unwrap_or_default() + letters.as_str()
    };
    let words: Vec<&str> = name.split('_').collect();
    let pascal = || words.iter().map(|word| capitalized(word)).collect::<String>();
    Some(match rule {
        "lowercase" | "snake_case" => name.to_owned(),
        "UPPERCASE" | "SCREAMING_SNAKE_CASE" => name.to_uppercase(),
        "PascalCase" => pascal(),
        "camelCase" => {
            let (first, rest) = words.split_first()?;
            let rest: String = rest.iter().map(|word| capitalized(word)).collect();
            format!("{first}{rest}")
        }
        "kebab-case" => words.join("-"),
        "SCREAMING-KEBAB-CASE" => words.join("-").to_uppercase(),
        _ => return None,
    })
}

/// Those at a field.
pub(crate) fn check_field(field: &Field, errors: &mut Errors) {
    for entry in entries(&field.attrs) {
        let (name, span) = (entry.name.clone(), entry.span);
        if let Some(write) = at_field(&entry) {
            let message = format!(
                "`RawProfile` reads members by itself and does not see `#[serde({name})]`: {write}"
            );
            errors.add(span, message);
        }
    }
}

fn at_field(entry: &Entry) -> Option<String> {
    let text = match &entry.value {
        Value::Literal(Lit::Str(text)) => Some(text.value()),
        Value::List(list) => {
            let reads = list.iter().find(|entry| entry.name == "deserialize")?;
            match &reads.value {
                Value::Literal(Lit::Str(text)) => Some(text.value()),
                _ => None,
            }
        }
        _ => None,
    };
    let text = text.unwrap_or_else(|| "nameInJson".to_owned());
    Some(match entry.name.as_str() {
        "rename" => format!("write `#[profile(path = {text:?})]`"),
        "alias" => format!("write `#[profile(or = {text:?})]`"),
        "default" => {
            "remove it; a text or a list that is missing is empty here, and for everything \
                      else write `Option<..>`"
                .to_owned()
        }
        "flatten" => "write a field for each member, with `#[profile(path = \"object.member\")]` \
                      where it is in an object"
            .to_owned(),
        "skip" | "skip_deserializing" => {
            "every field is read, so move this one into another struct, or make it an `Option<..>`"
                .to_owned()
        }
        "with" | "deserialize_with" => "make the field a `serde_json::Value`, or implement \
                                        `typegate::provider::RawProfile` by hand"
            .to_owned(),
        _ => "remove it".to_owned(),
    })
}

/// What is written in serde's attributes, without what is harmless; serde says what is wrong in them.
fn entries(attributes: &[Attribute]) -> Vec<Entry> {
    let of_serde = attributes.iter().filter(|attribute| attribute.path().is_ident("serde"));
    let lists = of_serde.filter_map(|attribute| attribute.meta.require_list().ok());
    let entries = lists.flat_map(|list| entry::read(list.tokens.clone(), &mut Errors::default()).0);
    entries.filter(|entry| !HARMLESS.contains(&entry.name.as_str())).collect()
}
