//! Templates: the placeholders of a text.

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

/// Every placeholder is a field of the struct or a value that this place knows. Answers with whether
/// that is so.
pub(crate) fn check_placeholders(
    text: &LitStr,
    fields: &[String],
    values: &[&str],
    errors: &mut Errors,
) -> bool {
    let mut are_known = true;
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
        are_known = false;
        let field = name.to_lowercase();
        // Each tenant, or one that is configured: a guess would be wrong for half of them.
        let is_tenant = values.contains(&"tenantid") && field.contains("tenant");
        let near_field = nearest(&name, &fields.iter().map(String::as_str).collect::<Vec<_>>());
        let hint = match near_field.or(nearest(&name, &known)) {
            _ if near_field.is_none() && text.value().contains(&format!("${{{name}}}")) => format!(
                "no shell fills it. Write `{{{field}}}` without the `$`, and give the struct a \
                 field `{field}: String`, which `from_env()` reads from a variable"
            ),
            _ if near_field.is_none() && is_tenant => format!(
                "for one tenant, give the struct a field `{field}: String`; to accept the tokens \
                 of any, write `{{tenantid}}` and add `tenant_claim = \"tid\"`"
            ),
            Some(near) => format!("did you mean `{{{near}}}`?"),
            None if known.is_empty() => "nothing is filled in here".into(),
            None if known.len() == 1 => format!("there is {}", enumerated(&known)),
            None => format!("there are {}", enumerated(&known)),
        };
        errors.add(text.span(), format!("`{{{name}}}` is not known here: {hint}"));
    }
    are_known
}
