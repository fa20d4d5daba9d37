//! What is written between the parentheses of an attribute: names, with a literal, a type or a
//! list behind them.

use proc_macro2::Span;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, ExprPath, Ident, Lit, LitStr, Path, Token, Type, TypePath};

use crate::errors::{Errors, nearest};
use crate::tokens::{function, module, ungrouped};

/// `name`, `name = value` or `name(list)`. A name is an identifier or, for parameters, a string.
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) span: Span,
    pub(crate) value: Value,
}

pub(crate) enum Value {
    Nothing,
    Literal(Lit),
    /// Of a type, a function or a module.
    Path(TypePath),
    /// A type that has no path, such as a tuple.
    Unnamed,
    List(Vec<Entry>),
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let (name, span) = if input.peek(LitStr) {
            let name: LitStr = input.parse()?;
            (name.value(), name.span())
        } else {
            let name = input.call(<Ident as syn::ext::IdentExt>::parse_any)?;
            (name.to_string(), name.span())
        };
        let value = if input.peek(syn::token::Paren) {
            let content;
            syn::parenthesized!(content in input);
            Value::List(list(&content)?)
        } else if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            if input.is_empty() {
                return Err(syn::Error::new(span, format!("`{name} =` has no value behind it")));
            }
            if input.peek(Lit) {
                Value::Literal(input.parse()?)
            } else {
                match ungrouped(input.parse()?) {
                    Type::Path(path) if path.attrs.is_empty() => Value::Path(path),
                    _ => Value::Unnamed,
                }
            }
        } else {
            Value::Nothing
        };
        Ok(Self { name, span, value })
    }
}

fn list(input: ParseStream<'_>) -> syn::Result<Vec<Entry>> {
    Ok(Punctuated::<Entry, Token![,]>::parse_terminated(input)?.into_iter().collect())
}

/// The entries of one group; what is taken out is known, what remains is not.
pub(crate) struct Entries {
    group: String,
    entries: Vec<Entry>,
    known: Vec<&'static str>,
    is_broken: bool,
}

impl Entries {
    /// Those of all attributes of that name.
    pub(crate) fn of_attributes(name: &str, attributes: &[Attribute], errors: &mut Errors) -> Self {
        let (mut entries, mut is_broken) = (Vec::new(), false);
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident(name)) {
            match attribute.parse_args_with(list) {
                Ok(found) => entries.extend(found),
                Err(error) => {
                    is_broken = true;
                    errors.push(error);
                }
            }
        }
        Self { group: name.to_owned(), entries, known: Vec::new(), is_broken }
    }

    pub(crate) fn of_list(group: &str, entries: Vec<Entry>) -> Self {
        Self { group: group.to_owned(), entries, known: Vec::new(), is_broken: false }
    }

    /// Whether some could not be used: then nobody can say what is missing.
    pub(crate) fn is_broken(&self) -> bool {
        self.is_broken
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
        text
    }

    /// A name that stands alone.
    pub(crate) fn take_flag(&mut self, name: &'static str, errors: &mut Errors) -> Option<Span> {
        let entry = self.take(name, errors)?;
        if !matches!(entry.value, Value::Nothing) {
            errors.add(entry.span, format!("`{name}` takes no value: write `{name}` alone"));
        }
        Some(entry.span)
    }

    pub(crate) fn take_type(
        &mut self,
        name: &'static str,
        errors: &mut Errors,
    ) -> Option<TypePath> {
        self.take_path(name, ("a type", "SomeType"), Some, errors)
    }

    pub(crate) fn take_function(
        &mut self,
        name: &'static str,
        errors: &mut Errors,
    ) -> Option<ExprPath> {
        self.take_path(name, ("a function", "some_function"), function, errors)
    }

    /// The path of a crate, or of a module that has all that it has.
    pub(crate) fn take_crate(&mut self, name: &'static str, errors: &mut Errors) -> Option<Path> {
        self.take_path(name, ("a crate", "typegate"), module, errors)
    }

    fn take_path<P>(
        &mut self,
        name: &'static str,
        (what, example): (&str, &str),
        read: impl FnOnce(TypePath) -> Option<P>,
        errors: &mut Errors,
    ) -> Option<P> {
        let Entry { span, value, .. } = self.take(name, errors)?;
        let path = match value {
            Value::Path(path) => read(path),
            Value::Literal(Lit::Str(text)) => {
                let message = format!("write the path without quotes: `{name} = {}`", text.value());
                errors.add(text.span(), message);
                self.is_broken = true;
                return None;
            }
            _ => None,
        };
        if path.is_none() {
            let message = format!("`{name}` needs the name of {what}: `{name} = {example}`");
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
            _ => {
                errors.add(entry.span, format!("`{name}` needs a list: `{name}(..)`"));
                Vec::new()
            }
        }
    }

    /// What nobody took is unknown.
    pub(crate) fn finish(self, errors: &mut Errors) {
        for Entry { name, span, .. } in &self.entries {
            let group = &self.group;
            let hint = match nearest(name, &self.known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are {}", enumerated(&self.known)),
            };
            errors.add(*span, format!("`{group}` has no attribute `{name}`: {hint}"));
        }
    }
}

/// The string of an entry.
pub(crate) fn text(entry: Entry, errors: &mut Errors) -> Option<LitStr> {
    if let Value::Literal(Lit::Str(text)) = entry.value {
        return Some(text);
    }
    let Entry { name, span, .. } = entry;
    errors.add(span, format!("`{name}` needs a text in quotes: `{name} = \"..\"`"));
    None
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
