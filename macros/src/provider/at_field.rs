//! What is said to a setting at a field, where there is none but `default`.

use syn::{Lit, LitStr};

use super::fields::{Field, Role};
use crate::entry::{Entry, Value};
use crate::errors::{Errors, nearest};
use crate::names::{self, CLIENT_IDS, CLIENT_SECRETS, plain};
use crate::tokens::bare;

/// What a variable's name may be given by.
const VARIABLES: &[&str] =
    &["env", "envvar", "envname", "envprefix", "environment", "fromenv", "variable", "var"];
/// What a default may be called.
const DEFAULTS: &[&str] = &["defaultvalue", "value", "or", "fallback"];
/// What is said by a type.
const PRESENCE: &[&str] = &["optional", "required", "nullable"];

/// What the field's struct is.
pub(crate) struct Owner<'a> {
    pub(crate) name: String,
    /// What the protocol calls the field that names the client.
    pub(crate) client_id: &'a str,
    /// The settings that stand above the struct.
    pub(crate) above: &'a [&'static str],
}

pub(crate) fn refuse(entries: &[Entry], field: &Field, owner: &Owner<'_>, errors: &mut Errors) {
    for entry in entries {
        errors.add(entry.span, answer(entry, field, owner));
    }
}

fn answer(entry: &Entry, field: &Field, owner: &Owner<'_>) -> String {
    let Entry { name, value, is_quoted, .. } = entry;
    let is_alone = matches!(value, Value::Nothing);
    let called = plain(name);
    let is_one_of = |names: &[&str]| names.contains(&called.as_str());
    if *is_quoted && is_alone {
        return format!("the text {name:?} does not say what it is: write `default = {name:?}`");
    }
    if is_one_of(VARIABLES) || called.ends_with("env") {
        return of_variable(value, field, owner);
    }
    if is_alone && let Some((field, what)) = of_client(&called, owner) {
        return format!("a field called `{field}` is {what} by its name: remove this");
    }
    if is_one_of(DEFAULTS) || nearest(name, &["default"]).is_some() {
        return format!("a field has no attribute `{name}`: did you mean `default`?");
    }
    if is_one_of(PRESENCE) {
        return "the type of a field says whether it may be missing: `Option<String>` or `String`; \
                remove this"
            .to_owned();
    }
    let exact = owner.above.iter().find(|above| plain(above) == called).copied();
    let own = bare(&field.ident);
    if is_alone && exact.is_none() && plain(&own) == called {
        return format!("texts refer to a field by its name in braces, `{{{own}}}`: remove this");
    }
    let mut likely = names::meant("provider", name).filter(|name| owner.above.contains(name));
    if let Some(above) = exact.or_else(|| likely.next()).or_else(|| nearest(name, owner.above)) {
        return format!(
            "`{above}` stands above the struct: write `#[provider({})]` there",
            written(above, entry, field)
        );
    }
    if of_client(&called, owner).is_some() {
        let owner = &owner.name;
        return format!(
            "a value is given where the provider is made, by `{owner}::from_env()?` or \
             `{owner}::builder()`: remove this"
        );
    }
    format!(
        "a field has no attribute `{name}`: it takes only `default`, and settings of the provider \
         stand above the struct"
    )
}

/// The field that is meant by a name of the client, and what it is.
fn of_client<'a>(called: &str, owner: &Owner<'a>) -> Option<(&'a str, &'static str)> {
    let id = if owner.client_id == "client_id" { "the client's id" } else { "the client's key" };
    if CLIENT_SECRETS.contains(&called) {
        Some(("client_secret", "the client's secret"))
    } else if called == "privatekey" && owner.client_id == "client_id" {
        Some(("private_key", "the client's private key"))
    } else {
        CLIENT_IDS.contains(&called).then_some((owner.client_id, id))
    }
}

/// The setting as it stands above the struct.
fn written(name: &str, entry: &Entry, field: &Field) -> String {
    let own = bare(&field.ident);
    match &entry.value {
        // The field has the value of the setting.
        Value::Nothing if plain(&own) == plain(name) => format!("{name} = \"{{{own}}}\""),
        Value::Nothing if name.starts_with("dangerously_") => name.to_owned(),
        Value::Nothing | Value::Other(_) => format!("{name} = \"..\""),
        _ => {
            let (written, quoted) = (entry.written(), format!("{:?}", entry.name));
            let value = written.strip_prefix(&entry.name).or(written.strip_prefix(&quoted));
            format!("{name}{}", value.unwrap_or(" = \"..\""))
        }
    }
}

/// Variables begin with the same text and end with the name of the field.
fn of_variable(value: &Value, field: &Field, owner: &Owner<'_>) -> String {
    let end = field.variable();
    let given = match value {
        Value::Literal(Lit::Str(text)) => text.value(),
        _ => String::new(),
    };
    let begin = given.strip_suffix(&format!("_{end}")).filter(|begin| !begin.is_empty());
    let begin = begin.map_or_else(|| owner.name.to_uppercase(), ToOwned::to_owned);
    format!(
        "`env` stands above the struct, because all variables begin with it: write `env = \
         {begin:?}` there, and `from_env()` reads this field from `{begin}_{end}`; remove it here"
    )
}

/// What the variables begin with is seldom the whole name of one of them.
pub(crate) fn check_env(env: &LitStr, fields: &[Field], errors: &mut Errors) {
    let text = env.value();
    let ends = || fields.iter().filter(|field| field.role != Role::Text).map(Field::variable);
    let begin = ends().find_map(|end| {
        let begin = text.strip_suffix(&format!("_{end}")).filter(|begin| !begin.is_empty())?;
        Some(begin.to_owned())
    });
    if let Some(begin) = begin {
        let reads: Vec<String> = ends().map(|end| format!("{begin}_{end}")).collect();
        let reads = crate::meta::enumerated(&reads.iter().map(String::as_str).collect::<Vec<_>>());
        errors.add(
            env.span(),
            format!(
                "`env` is what all variables begin with: write `env = {begin:?}` to read {reads}"
            ),
        );
    }
}
