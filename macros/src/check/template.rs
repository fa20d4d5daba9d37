//! Which placeholders does a text have?

use syn::LitStr;

use crate::errors::{Errors, nearest};
use crate::meta::enumerated;

pub(crate) enum Part {
    Text(String),
    Placeholder(String),
}

/// A text taken apart at its `{name}`s; other braces are text.
pub(crate) fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let (mut literal, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once('{') {
        literal.push_str(before);
        match after.split_once('}').filter(|(name, _)| is_name(name)) {
            Some((name, after)) => {
                if !literal.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut literal)));
                }
                parts.push(Part::Placeholder(name.to_owned()));
                rest = after;
            }
            None => {
                literal.push('{');
                rest = after;
            }
        }
    }
    literal.push_str(rest);
    if !literal.is_empty() {
        parts.push(Part::Text(literal));
    }
    parts
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
}

/// Every placeholder is a field of the struct or a value that this place knows.
pub(crate) fn check_placeholders(
    text: &LitStr,
    fields: &[String],
    values: &[&str],
    errors: &mut Errors,
) {
    for part in parts(&text.value()) {
        let Part::Placeholder(name) = part else { continue };
        let is_member = ["tokens.", "callback."].iter().any(|group| {
            name.starts_with(group) && values.contains(&format!("{group}NAME").as_str())
        });
        if is_member || values.contains(&name.as_str()) || fields.contains(&name) {
            continue;
        }
        let mut known: Vec<&str> = fields.iter().map(String::as_str).collect();
        known.extend(values);
        let hint = match nearest(&name, &known) {
            Some(near) => format!("did you mean `{{{near}}}`?"),
            None if known.is_empty() => "there is nothing to be filled in here".into(),
            None if known.len() == 1 => format!("here is {}", enumerated(&known)),
            None => format!("here are {}", enumerated(&known)),
        };
        errors.add(text.span(), format!("nothing is called `{{{name}}}`: {hint}"));
    }
}
