//! Everything that is wrong, at once.

use proc_macro2::{Span, TokenStream};

/// Collects errors; each stands at the tokens that it is about.
#[derive(Default)]
pub(crate) struct Errors(Vec<syn::Error>);

impl Errors {
    pub(crate) fn add(&mut self, span: Span, message: impl Into<String>) {
        self.0.push(syn::Error::new(span, message.into()));
    }

    pub(crate) fn push(&mut self, error: syn::Error) {
        self.0.push(error);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn into_tokens(self) -> TokenStream {
        self.0.iter().map(syn::Error::to_compile_error).collect()
    }
}

/// The known name that somebody probably meant.
pub(crate) fn nearest<'a>(written: &str, known: &[&'a str]) -> Option<&'a str> {
    let written = written.to_lowercase().replace(['-', '_'], "");
    let near = known
        .iter()
        .map(|name| (distance(&written, &name.to_lowercase().replace('_', "")), *name))
        .filter(|(distance, name)| *distance <= 1 + name.len() / 4)
        .min();
    let begun = known.iter().find(|name| {
        written.len() >= 4 && name.to_lowercase().replace('_', "").starts_with(&written)
    });
    near.map(|(_, name)| name).or(begun.copied())
}

/// Levenshtein's.
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.chars().count()).collect();
    for (line, a) in left.chars().enumerate() {
        let mut diagonal = line;
        let mut before = line + 1;
        if let Some(first) = row.first_mut() {
            *first = before;
        }
        for (cell, b) in row.iter_mut().skip(1).zip(right.chars()) {
            let substituted = diagonal + usize::from(a != b);
            diagonal = *cell;
            before = substituted.min(before + 1).min(diagonal + 1);
            *cell = before;
        }
    }
    row.last().copied().unwrap_or_default()
}
