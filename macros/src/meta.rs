//! The attributes of a group, taken out by their names; and what is said to those that are written
//! otherwise, or that there are not.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens as _;
use syn::spanned::Spanned as _;
use syn::{Attribute, ExprPath, Lit, LitStr, Meta, Path, TypePath};

use crate::check::of_document;
use crate::entry::{self, Entry, Value, written};
use crate::errors::{Errors, nearest};
use crate::names::{self, plain};
use crate::tokens::{function, module, text_of};

/// The entries of one group; what is taken out is known, what remains is not.
pub(crate) struct Entries {
    group: &'static str,
    entries: Vec<Entry>,
    known: Vec<&'static str>,
    /// Settings and how they are written, some of them within another attribute.
    elsewhere: Vec<(&'static str, String)>,
    /// The provider's id, which some answers have in them.
    id: Option<String>,
    is_broken: bool,
}

/// Names that the derives register for nothing but to say how the attribute is called: what is in
/// one of them must not be left out in silence.
const MISNAMED: [(&str, &str); 3] =
    [("providers", "provider"), ("oauth", "provider"), ("profiles", "profile")];

impl Entries {
    /// Those of all attributes of that name.
    pub(crate) fn of_attributes(
        name: &'static str,
        attributes: &[Attribute],
        errors: &mut Errors,
    ) -> Self {
        let (mut entries, mut is_broken) = (Vec::new(), false);
        for path in attributes.iter().map(Attribute::path) {
            if MISNAMED.iter().any(|(wrong, right)| *right == name && path.is_ident(wrong)) {
                let message = format!("the attribute is called `{name}`: write `#[{name}(..)]`");
                errors.add(path.span(), message);
                is_broken = true;
            }
        }
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident(name)) {
            let (found, is_unread) = match list(attribute) {
                Ok(tokens) => entry::read(tokens, errors),
                Err(message) => {
                    errors.add(attribute.path().span(), message);
                    (Vec::new(), true)
                }
            };
            is_broken |= is_unread;
            entries.extend(found);
        }
        Self { is_broken, ..Self::of_list(name, entries) }
    }

    pub(crate) fn of_list(group: &'static str, entries: Vec<Entry>) -> Self {
        Self {
            group,
            entries,
            known: Vec::new(),
            elsewhere: Vec::new(),
            id: None,
            is_broken: false,
        }
    }

    /// Another way to write what a name means here.
    pub(crate) fn is_written(&mut self, name: &'static str, as_what: String) {
        self.elsewhere.push((name, as_what));
    }

    /// Whether some could not be used: then nobody can say what is missing.
    pub(crate) fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// What was taken could not be used.
    pub(crate) fn breaks(&mut self) {
        self.is_broken = true;
    }

    /// All entries of that name, for those that may be repeated.
    pub(crate) fn take_all(&mut self, name: &'static str) -> Vec<Entry> {
        self.known.push(name);
        let (taken, rest) =
            std::mem::take(&mut self.entries).into_iter().partition(|entry| entry.name == name);
        self.entries = rest;
        taken
    }

    /// The entry of that name; a second one is an error.
    pub(crate) fn take(&mut self, name: &'static str, errors: &mut Errors) -> Option<Entry> {
        let mut taken = self.take_all(name).into_iter();
        let first = taken.next();
        for repeated in taken {
            errors.add(repeated.span, format!("`{name}` is given twice: remove this one"));
        }
        first
    }

    /// A string; anything else is an error.
    pub(crate) fn take_text(&mut self, name: &'static str, errors: &mut Errors) -> Option<LitStr> {
        let entry = self.take(name, errors)?;
        let text = text(entry, errors);
        self.is_broken |= text.is_none();
        if name == "id" {
            self.id = text.as_ref().map(LitStr::value);
        }
        text
    }

    /// A name that stands alone.
    pub(crate) fn take_flag(&mut self, name: &'static str, errors: &mut Errors) -> Option<Span> {
        let Entry { span, value, .. } = self.take(name, errors)?;
        match value {
            Value::Nothing => {}
            Value::Literal(Lit::Bool(truth)) if !truth.value => {
                errors.add(
                    span,
                    format!("`{name}` means yes wherever it stands: to say no, remove it"),
                );
            }
            _ => errors.add(span, format!("`{name}` takes no value: write `{name}` alone")),
        }
        Some(span)
    }

    pub(crate) fn take_type(
        &mut self,
        name: &'static str,
        errors: &mut Errors,
    ) -> Option<TypePath> {
        self.take_path(
            name,
            ("a type that derives `RawProfile`", "`profile = SomeType`"),
            Some,
            errors,
        )
    }

    pub(crate) fn take_function(
        &mut self,
        name: &'static str,
        errors: &mut Errors,
    ) -> Option<ExprPath> {
        let example = "`hook = complete`, with `async fn complete(request: UserInfoRequest<'_>) -> \
                       Result<serde_json::Value, BoxError>`";
        self.take_path(name, ("a function", example), function, errors)
    }

    /// The path of a crate, or of a module that has all that it has.
    pub(crate) fn take_crate(&mut self, name: &'static str, errors: &mut Errors) -> Option<Path> {
        self.take_path(name, ("a crate", "`crate = typegate`"), module, errors)
    }

    fn take_path<P>(
        &mut self,
        name: &'static str,
        (what, example): (&str, &str),
        read: impl FnOnce(TypePath) -> Option<P>,
        errors: &mut Errors,
    ) -> Option<P> {
        let Entry { span, value, .. } = self.take(name, errors)?;
        let (mut hint, mut fields, mut taken) = (String::new(), String::new(), None);
        let path = match value {
            Value::Path(path) => read(path),
            Value::Literal(Lit::Str(text)) => {
                let message = format!("write the path without quotes: `{name} = {}`", text.value());
                errors.add(text.span(), message);
                self.is_broken = true;
                return None;
            }
            Value::Other(text) if text.contains('|') => {
                hint = ", and a closure has none".to_owned();
                taken = parameter(&text).filter(|_| name == "profile");
                None
            }
            Value::List(list) if name == "profile" => {
                fields = mapped(&list);
                None
            }
            _ => None,
        };
        if path.is_none() {
            let example = match taken {
                Some(taken) => example.replace("SomeType", &taken),
                None => example.to_owned(),
            };
            let message = format!("`{name}` needs the name of {what}{hint}: {example}{fields}");
            errors.add(span, message);
            self.is_broken = true;
        }
        path
    }

    /// `name(..)`.
    pub(crate) fn take_list(&mut self, name: &'static str, errors: &mut Errors) -> Vec<Entry> {
        let Some(entry) = self.take(name, errors) else { return Vec::new() };
        match entry.value {
            Value::List(list) => list,
            value => {
                let inside = match &value {
                    Value::Braces(list) => written(list),
                    Value::Brackets(words) => words.join(", "),
                    _ if name == "style" => "background = \"#fff\"".to_owned(),
                    _ => "..".to_owned(),
                };
                errors.add(entry.span, format!("`{name}` needs a list: write `{name}({inside})`"));
                self.is_broken = true;
                Vec::new()
            }
        }
    }

    /// What nobody took, for somebody who has answers of their own.
    pub(crate) fn rest(self) -> Vec<Entry> {
        self.entries
    }

    /// What nobody took is unknown. Answers with what somebody probably meant by it.
    pub(crate) fn finish(self, errors: &mut Errors) -> Vec<&'static str> {
        let mut meant = Vec::new();
        let mut nameless = 0;
        for Entry { name, span, is_quoted, value } in &self.entries {
            if *is_quoted && matches!(value, Value::Nothing) {
                let likely = match (self.group, nameless) {
                    ("profile", _) => "path",
                    _ if name.starts_with("http") && self.known.contains(&"issuer") => "issuer",
                    (_, 0) => "id",
                    _ => "name",
                };
                nameless += 1;
                let message = format!(
                    "the text {name:?} does not say which setting it is: write, for example, \
                     `{likely} = {name:?}`"
                );
                errors.add(*span, message);
                meant.extend(["id", "name", "issuer", "profile", "path"]);
                continue;
            }
            let mut hint = self.hint(name, &mut meant);
            // The value is the answer to what was meant.
            if let Value::Literal(Lit::Str(text)) = value
                && let Some(issuer) = of_document(&text.value())
            {
                hint = hint.replace("issuer = \"https://..\"", &format!("issuer = {issuer:?}"));
            }
            errors.add(*span, format!("`{}` has no attribute `{name}`: {hint}", self.group));
        }
        meant
    }

    /// The answer, with the provider's id where it is known.
    fn filled(&self, answer: &str) -> String {
        let Some(id) = &self.id else { return answer.to_owned() };
        let variables = id.to_uppercase().replace(|c: char| !c.is_ascii_alphanumeric(), "_");
        answer.replace("<ID>", &variables).replace("<id>", id)
    }

    fn hint(&self, name: &str, meant: &mut Vec<&'static str>) -> String {
        let same = self.known.iter().find(|known| plain(known) == plain(name));
        if let Some(same) = same {
            meant.push(same);
            return format!("did you mean `{same}`?");
        }
        let of_oauth2 = self.known.contains(&"issuer").then(|| names::said("oauth2", name));
        if let Some(said) = names::said(self.group, name).or(of_oauth2.flatten()) {
            meant.push(said.meant);
            return self.filled(said.answer);
        }
        let as_key = self.elsewhere.iter().find(|(key, _)| plain(key) == plain(name));
        if let Some((_, as_what)) = as_key {
            return format!("did you mean `{as_what}`?");
        }
        for likely in names::meant(self.group, name) {
            let elsewhere = self.elsewhere.iter().find(|(key, _)| plain(key) == plain(likely));
            let as_what = elsewhere.map(|(_, as_what)| as_what.as_str());
            if let Some(as_what) = as_what.or(self.known.contains(&likely).then_some(likely)) {
                meant.push(likely);
                return format!("did you mean `{as_what}`?");
            }
        }
        if let Some(near) = nearest(name, &self.known) {
            meant.push(near);
            return format!("did you mean `{near}`?");
        }
        /// More than anybody reads in a message.
        const MANY: usize = 16;
        match self.known.as_slice() {
            [only] => format!("there is only `{only}`"),
            known if known.len() > MANY => "all of them are listed at \
                https://docs.rs/typegate/latest/typegate/derive.OAuthProvider.html"
                .to_owned(),
            known => format!("there are {}", enumerated(known)),
        }
    }
}

/// The type that a closure takes first.
fn parameter(closure: &str) -> Option<String> {
    let (_, ty) = closure.split('|').nth(1)?.split(',').next()?.split_once(':')?;
    let ty = ty.trim();
    syn::parse_str::<syn::Ident>(ty).is_ok().then(|| ty.to_owned())
}

/// A mapping that was written at the provider, as it stands in the struct of the profile.
fn mapped(list: &[Entry]) -> String {
    let fields = list.iter().filter_map(|Entry { name, value, .. }| match value {
        Value::Literal(Lit::Str(field)) if syn::parse_str::<syn::Ident>(&field.value()).is_ok() => {
            Some(format!("#[profile({name})] {}: String", field.value()))
        }
        _ => None,
    });
    let fields = fields.collect::<Vec<_>>().join(", ");
    match fields.as_str() {
        "" => String::new(),
        fields => format!(", with `struct SomeType {{ {fields} }}`"),
    }
}

/// What stands in the parentheses of an attribute.
fn list(attribute: &Attribute) -> Result<TokenStream, String> {
    let name = attribute.path().to_token_stream();
    let example = match name.to_string().as_str() {
        "profile" => "id",
        _ => "id = \"acme\", name = \"Acme\", issuer = \"https://..\"",
    };
    match &attribute.meta {
        Meta::List(list) => Ok(list.tokens.clone()),
        Meta::Path(_) => Err(format!("`#[{name}]` says nothing yet: write `#[{name}({example})]`")),
        Meta::NameValue(_) => {
            Err(format!("`#[{name}(..)]` has parentheses and no `=`: write `#[{name}({example})]`"))
        }
    }
}

/// The string of an entry.
pub(crate) fn text(entry: Entry, errors: &mut Errors) -> Option<LitStr> {
    let Entry { name, span, value, .. } = entry;
    let likely = match value {
        Value::Literal(Lit::Str(text)) => return Some(text),
        Value::Literal(Lit::Int(number)) => number.base10_digits().to_owned(),
        Value::Literal(Lit::Bool(truth)) => truth.value.to_string(),
        Value::Brackets(words) if ["path", "or", "select"].contains(&name.as_str()) => {
            words.join(".")
        }
        Value::Brackets(words) => words.join(" "),
        Value::List(list) | Value::Braces(list) => words(&list),
        Value::Path(path) => {
            let path = text_of(&path.to_token_stream());
            if path.contains("::") || !path.contains(|letter: char| letter.is_lowercase()) {
                errors.add(span, unexpanded(&name, &path));
                return None;
            }
            path
        }
        Value::Other(text) if text.contains("!(") || text.contains("! (") => {
            errors.add(span, unexpanded(&name, &text));
            return None;
        }
        Value::Other(text) if !text.contains(['"', '|', '(', '{']) => text,
        _ => "..".to_owned(),
    };
    let likely = if likely.is_empty() { "..".to_owned() } else { likely };
    errors.add(span, format!("`{name}` needs text in quotes: `{name} = {likely:?}`"));
    None
}

/// A derive sees what is written, and not what comes of it.
fn unexpanded(name: &str, text: &str) -> String {
    format!(
        "`{name}` needs text in quotes, and a derive cannot look into `{text}`: write the text \
         itself; a value known only at run time is a field of the struct, and texts refer to it in \
         braces, such as `{{tenant}}`"
    )
}

/// The words of a list, or the only text in it.
fn words(list: &[Entry]) -> String {
    if let [Entry { value: Value::Literal(Lit::Str(text)), .. }] = list {
        return text.value();
    }
    list.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>().join(" ")
}

/// "`a`, `b` and `c`".
pub(crate) fn enumerated(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => format!("`{only}`"),
        [first @ .., last] => {
            let first: Vec<_> = first.iter().map(|name| format!("`{name}`")).collect();
            format!("{} and `{last}`", first.join(", "))
        }
    }
}
