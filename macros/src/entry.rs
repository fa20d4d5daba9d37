//! What is written between the parentheses of an attribute: names, with a literal, a type or a
//! list behind them. What cannot be read is said and passed over, so that one slip is one error.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::discouraged::Speculative as _;
use syn::parse::{ParseStream, Parser as _};
use syn::token::{Brace, Bracket, Paren};
use syn::{Ident, Lit, LitStr, Token, Type, TypePath};

use crate::errors::Errors;
use crate::tokens::{text_of, ungrouped};

/// `name`, `name = value` or `name(list)`. A name is an identifier or, for parameters, a string.
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) span: Span,
    /// Whether the name stands in quotes.
    pub(crate) is_quoted: bool,
    pub(crate) value: Value,
}

pub(crate) enum Value {
    Nothing,
    Literal(Lit),
    /// Of a type, a function or a module.
    Path(TypePath),
    List(Vec<Entry>),
    /// The words in `[..]`, which no attribute is written with.
    Brackets(Vec<String>),
    /// `{..}`, likewise.
    Braces(Vec<Entry>),
    /// Something else, as it was written.
    Other(String),
}

impl Entry {
    /// As it is to be written.
    pub(crate) fn written(&self) -> String {
        let is_name = syn::parse_str::<Ident>(&self.name).is_ok();
        let name = if is_name { self.name.clone() } else { format!("{:?}", self.name) };
        match &self.value {
            Value::Nothing | Value::Other(_) => name,
            Value::Literal(Lit::Str(text)) => format!("{name} = {:?}", text.value()),
            Value::Literal(literal) => format!("{name} = {}", quote::quote!(#literal)),
            Value::Path(path) => format!("{name} = {}", text_of(&quote::quote!(#path))),
            Value::List(list) | Value::Braces(list) => format!("{name}({})", written(list)),
            Value::Brackets(words) => format!("{name} = {:?}", words.join(" ")),
        }
    }
}

/// Entries as they are to be written.
pub(crate) fn written(list: &[Entry]) -> String {
    list.iter().map(Entry::written).collect::<Vec<_>>().join(", ")
}

/// The entries of a list, and whether some could not be read.
pub(crate) fn read(tokens: TokenStream, errors: &mut Errors) -> (Vec<Entry>, bool) {
    let mut reader = Reader { errors, is_broken: false };
    let read = (|input: ParseStream<'_>| Ok(reader.list(input))).parse2(tokens);
    let is_broken = reader.is_broken || read.is_err();
    match read {
        Ok(entries) => (entries, is_broken),
        Err(error) => {
            errors.push(error);
            (Vec::new(), is_broken)
        }
    }
}

struct Reader<'a> {
    errors: &'a mut Errors,
    is_broken: bool,
}

impl Reader<'_> {
    fn list(&mut self, input: ParseStream<'_>) -> Vec<Entry> {
        let mut entries = Vec::new();
        while !input.is_empty() {
            match self.entry(input) {
                Some(entry) => {
                    entries.push(entry);
                    self.separator(input);
                }
                // What follows an address without quotes, up to the end of the line, is a comment.
                None if begins_entry(input) => {}
                None => {
                    rest_of_entry(input);
                    bump(input);
                }
            }
        }
        entries
    }

    fn separator(&mut self, input: ParseStream<'_>) {
        if input.is_empty() {
            return;
        }
        if input.peek(Token![,]) {
            bump(input);
        } else if input.peek(Token![;]) {
            self.add(input.span(), "a comma stands between two settings: write `,` instead of `;`");
            bump(input);
        } else if begins_entry(input) {
            self.add(input.span(), "a comma is missing in front of this");
        } else {
            let rest = text_of(&rest_of_entry(input));
            let message = format!(
                "`{rest}` belongs to nothing: a setting is written `name = \"text\"`, `name(..)` \
                 or `name`, with a comma behind it"
            );
            self.add(input.span(), message);
            bump(input);
        }
    }

    fn add(&mut self, span: Span, message: impl Into<String>) {
        self.is_broken = true;
        self.errors.add(span, message);
    }

    fn entry(&mut self, input: ParseStream<'_>) -> Option<Entry> {
        let (name, span, is_quoted) = self.name(input)?;
        let value = if input.peek(Paren) {
            Value::List(self.group(input))
        } else if input.peek(Brace) {
            let braces = input.span();
            let list = self.braces(input);
            let message =
                format!("write parentheses instead of these braces: `{name}({})`", written(&list));
            self.add(braces, message);
            Value::List(list)
        } else if input.peek(Token![:]) && !input.peek(Token![::]) {
            let message = format!("write `=` instead of `:`, as in `{name} = \"..\"`");
            self.add(input.span(), message);
            bump(input);
            self.value(input, &name, span)?
        } else if input.peek(Token![=>]) || input.peek(Token![==]) {
            self.add(input.span(), format!("write a single `=`, as in `{name} = \"..\"`"));
            bump(input);
            bump(input);
            self.value(input, &name, span)?
        } else if input.peek(Token![=]) {
            bump(input);
            self.value(input, &name, span)?
        } else {
            Value::Nothing
        };
        Some(Entry { name, span, is_quoted, value })
    }

    /// An identifier or a string; one with a dash or a point needs quotes.
    fn name(&mut self, input: ParseStream<'_>) -> Option<(String, Span, bool)> {
        if input.peek(LitStr) {
            let name: LitStr = input.parse().ok()?;
            return Some((name.value(), name.span(), true));
        }
        if !input.peek(Ident::peek_any) {
            let token = input.fork().parse::<TokenTree>().ok();
            let token = token.map(|token| text_of(&token.into())).unwrap_or_default();
            let message = format!(
                "`{token}` is not the name of a setting: one is written `name = \"text\"`, `name(..)` \
                 or `name`"
            );
            self.add(input.span(), message);
            return None;
        }
        let first = input.call(Ident::parse_any).ok()?;
        let mut name = first.to_string();
        while (input.peek(Token![-]) || input.peek(Token![.])) && input.peek2(Ident::peek_any) {
            name.push(if input.peek(Token![-]) { '-' } else { '.' });
            bump(input);
            name.push_str(&input.call(Ident::parse_any).ok()?.to_string());
        }
        if first != name {
            let message = format!("a name with `-` or `.` stands in quotes: write `\"{name}\"`");
            self.add(first.span(), message);
        }
        Some((name, first.span(), false))
    }

    fn value(&mut self, input: ParseStream<'_>, name: &str, span: Span) -> Option<Value> {
        if input.is_empty() || input.peek(Token![,]) {
            self.add(span, format!("`{name} =` has no value behind it"));
            return None;
        }
        if input.peek(Bracket) {
            return Some(Value::Brackets(words(input)));
        }
        if input.peek(Brace) {
            return Some(Value::Braces(self.braces(input)));
        }
        if let Some(literal) = attempt(input, |ahead| ahead.parse::<Lit>().ok()) {
            return Some(Value::Literal(literal));
        }
        let scheme = input.fork().parse::<Ident>().ok();
        if scheme.is_some_and(|word| word == "https" || word == "http")
            && input.peek2(Token![:])
            && !input.peek2(Token![::])
        {
            bump(input);
            bump(input);
            self.add(span, format!("an address stands in quotes: `{name} = \"https://..\"`"));
            return None;
        }
        let ty = attempt(input, |ahead| {
            let ty = ahead.parse::<Type>().ok();
            ty.filter(|_| ahead.is_empty() || ahead.peek(Token![,]) || begins_entry(ahead))
        });
        Some(match ty.map(ungrouped) {
            Some(Type::Path(path)) if path.attrs.is_empty() => Value::Path(path),
            Some(ty) => Value::Other(text_of(&quote::quote!(#ty))),
            None => Value::Other(text_of(&rest_of_entry(input))),
        })
    }

    fn group(&mut self, input: ParseStream<'_>) -> Vec<Entry> {
        match parenthesized(input) {
            Ok(content) => self.list(&content),
            Err(_) => Vec::new(),
        }
    }

    fn braces(&mut self, input: ParseStream<'_>) -> Vec<Entry> {
        match braced(input) {
            Ok(content) => self.list(&content),
            Err(_) => Vec::new(),
        }
    }
}

fn parenthesized<'a>(input: ParseStream<'a>) -> syn::Result<syn::parse::ParseBuffer<'a>> {
    let content;
    syn::parenthesized!(content in input);
    Ok(content)
}

fn braced<'a>(input: ParseStream<'a>) -> syn::Result<syn::parse::ParseBuffer<'a>> {
    let content;
    syn::braced!(content in input);
    Ok(content)
}

/// The names and texts in brackets.
fn words(input: ParseStream<'_>) -> Vec<String> {
    let Ok(TokenTree::Group(group)) = input.parse::<TokenTree>() else { return Vec::new() };
    let words = group.stream().into_iter().filter_map(|token| match &token {
        TokenTree::Punct(_) => None,
        TokenTree::Literal(_) => match syn::parse2::<LitStr>(token.clone().into()) {
            Ok(text) => Some(text.value()),
            Err(_) => Some(token.to_string()),
        },
        token => Some(token.to_string()),
    });
    words.collect()
}

/// What could be read, or else nothing is taken.
fn attempt<T>(
    input: ParseStream<'_>,
    read: impl FnOnce(ParseStream<'_>) -> Option<T>,
) -> Option<T> {
    let ahead = input.fork();
    let read = read(&ahead)?;
    input.advance_to(&ahead);
    Some(read)
}

/// Whether a name with a value stands here.
fn begins_entry(input: ParseStream<'_>) -> bool {
    let is_name = input.peek(Ident::peek_any) || input.peek(LitStr);
    is_name && (input.peek2(Token![=]) || input.peek2(Paren))
}

fn bump(input: ParseStream<'_>) {
    drop(input.parse::<Option<TokenTree>>());
}

/// Everything up to a comma that is not among the parameters of a closure.
fn rest_of_entry(input: ParseStream<'_>) -> TokenStream {
    let mut tokens = TokenStream::new();
    let mut is_parameter = false;
    while !input.is_empty() && (is_parameter || !(input.peek(Token![,]) || input.peek(Token![;]))) {
        let Ok(token) = input.parse::<TokenTree>() else { break };
        is_parameter ^= matches!(&token, TokenTree::Punct(mark) if mark.as_char() == '|');
        tokens.extend([token]);
    }
    tokens
}
