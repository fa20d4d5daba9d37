//! `#[provider(..)]`, taken apart by the table of attributes.

use proc_macro2::Span;
use syn::{DeriveInput, Lit, LitStr};

use super::super::fields;
use super::super::parameters::{Parameters, json};
use super::super::style::Style;
use super::ast::{self, Given, Provider};
use super::attribute::{ATTRIBUTES, Attribute, GROUPS, Kind, USERINFO_ENDPOINT};
use crate::entry::{Entry, Value, written};
use crate::errors::Errors;
use crate::krate;
use crate::meta::Entries;

pub(crate) fn read<'a>(input: &'a DeriveInput, errors: &mut Errors) -> Provider<'a> {
    let fields = fields::read(input, "client_id", &above(), errors);
    let is_misnamed = fields::is_misnamed(input);
    let mut entries = Entries::of_attributes("provider", &input.attrs, errors);
    let mut provider = Provider {
        input,
        support: krate::support(&mut entries, errors),
        fields,
        is_broken: false,
        id: entries.take_text("id", errors),
        name: entries.take_text("name", errors),
        env: entries.take_text("env", errors),
        scope_separator: entries.take_text("scope_separator", errors),
        hook: None,
        beta: entries.take_text("beta", errors),
        profile: entries.take_type("profile", errors),
        style: Style::read(&mut entries, errors),
        given: Vec::new(),
        meant: Vec::new(),
    };
    let mut groups = GROUPS.map(|name| {
        let (url, list) = endpoint(&mut entries, name, errors);
        (name, url, Entries::of_list(name, list))
    });
    for attribute in ATTRIBUTES {
        let given = match groups.iter_mut().find(|(name, ..)| attribute.group == Some(*name)) {
            Some((_, url, group)) => {
                let inner = take(group, attribute, errors);
                // The address may stand behind the group's own name.
                let outer = url.take_if(|_| attribute.name == "url").map(|url| Given {
                    attribute,
                    span: url.span(),
                    value: ast::Value::Text(url),
                });
                outer.or(inner)
            }
            None => take(&mut entries, attribute, errors),
        };
        provider.given.extend(given);
    }
    for (name, _, mut group) in groups {
        if name == USERINFO_ENDPOINT {
            provider.hook = group.take_function("hook", errors);
        }
        provider.is_broken |= group.is_broken();
        group.finish(errors);
    }
    for attribute in ATTRIBUTES {
        entries.is_written(attribute.setting, attribute.written());
    }
    provider.is_broken |= is_misnamed || entries.is_broken();
    provider.meant = entries.finish(errors);
    provider
}

/// The settings that stand above the struct and in no group.
fn above() -> Vec<&'static str> {
    let own = ["id", "name", "env", "profile", "style", "scope_separator", "crate"];
    let options = ATTRIBUTES.iter().filter(|attribute| attribute.group.is_none());
    own.into_iter().chain(GROUPS).chain(options.map(|attribute| attribute.name)).collect()
}

/// An endpoint: `name = "url"` or `name(url = "url", ..)`.
fn endpoint(
    entries: &mut Entries,
    name: &'static str,
    errors: &mut Errors,
) -> (Option<LitStr>, Vec<Entry>) {
    let Some(Entry { span, value, .. }) = entries.take(name, errors) else {
        return (None, Vec::new());
    };
    let how = match value {
        Value::Literal(Lit::Str(text)) => return (Some(text), Vec::new()),
        Value::List(list) => return (None, list),
        Value::Braces(list) => format!("`{name}({})`", written(&list)),
        Value::Brackets(words) => format!("`{name} = {:?}`", words.join(" ")),
        _ => format!("`{name} = \"https://..\"`, or `{name}(url = \"https://..\")`"),
    };
    errors.add(span, format!("`{name}` needs a URL: write {how}"));
    entries.breaks();
    (None, Vec::new())
}

fn take(
    entries: &mut Entries,
    attribute: &'static Attribute,
    errors: &mut Errors,
) -> Option<Given> {
    let name = attribute.name;
    let given = |span, value| Some(Given { attribute, span, value });
    let of_text = |text: LitStr| given(text.span(), ast::Value::Text(text));
    match attribute.kind {
        Kind::Url(..) | Kind::Text | Kind::Scope | Kind::Pointer | Kind::OneWord(_) => {
            of_text(entries.take_text(name, errors)?)
        }
        Kind::Seconds(maximum) => seconds(attribute, maximum, &entries.take(name, errors)?, errors),
        Kind::Flag => given(entries.take_flag(name, errors)?, ast::Value::Nothing),
        Kind::Json(_) => {
            let Entry { span, value, .. } = entries.take(name, errors)?;
            let Value::List(list) = value else {
                let message = format!("`{name}` needs its members: `{name}(name = \"..\")`");
                errors.add(span, message);
                return None;
            };
            of_text(LitStr::new(&json(list, errors), span))
        }
        Kind::Pairs(_) => pairs(attribute, Parameters::take(entries, name, errors)),
        Kind::Headers(_) => pairs(attribute, Parameters::take_headers(entries, errors)),
        Kind::Texts => {
            let names = names(entries.take_list(name, errors));
            let span = names.first()?.1;
            given(span, ast::Value::Names(names))
        }
        Kind::Words(_) => {
            let Entry { span, value, .. } = entries.take(name, errors)?;
            let words = match value {
                Value::List(list) => return given(span, ast::Value::Names(names(list))),
                Value::Brackets(words) => words.join(", "),
                Value::Literal(Lit::Str(text)) => text
                    .value()
                    .split([' ', ','])
                    .filter(|word| !word.is_empty())
                    .collect::<Vec<_>>()
                    .join(", "),
                _ => "pkce, state".to_owned(),
            };
            errors.add(span, format!("`{name}` needs a list: write `{name}({words})`"));
            entries.breaks();
            None
        }
    }
}

/// A number without quotes: `name = 60`.
fn seconds(
    attribute: &'static Attribute,
    maximum: u32,
    entry: &Entry,
    errors: &mut Errors,
) -> Option<Given> {
    let name = attribute.name;
    let number = match &entry.value {
        Value::Literal(Lit::Int(number)) if number.suffix().is_empty() => {
            number.base10_parse::<u32>().ok()
        }
        _ => None,
    };
    match number {
        Some(number) if number <= maximum => {
            Some(Given { attribute, span: entry.span, value: ast::Value::Seconds(number) })
        }
        _ => {
            let message = format!(
                "`{name}` needs a number of seconds from 0 to {maximum}, without quotes or a unit: `{name} = 60`"
            );
            errors.add(entry.span, message);
            None
        }
    }
}

fn pairs(attribute: &'static Attribute, parameters: Parameters) -> Option<Given> {
    let span = parameters.0.first()?.span;
    Some(Given { attribute, span, value: ast::Value::Pairs(parameters) })
}

fn names(list: Vec<Entry>) -> Vec<(String, Span)> {
    list.into_iter().map(|entry| (entry.name, entry.span)).collect()
}
