//! `#[derive(RawProfile)]`: how a provider's answer turns into a user.

mod ast;
mod attr;
mod check;
mod expand;
mod owned;
mod serde;

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::errors::Errors;

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let profile = attr::read(input, &mut errors);
    check::check(&profile, &mut errors);
    if errors.is_empty() {
        return expand::expand(&profile);
    }
    let fallback = expand::fallback(&profile);
    let errors = errors.into_tokens();
    quote!(#errors #fallback)
}

/// `#[derive(Profile)]`: one error, and what stands in for the code.
pub(crate) fn by_another_name(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    errors.add(
        // The token in `#[derive(..)]`, as somebody wrote it.
        proc_macro2::Span::call_site().resolved_at(input.ident.span()),
        "the derive is called `RawProfile`, because it reads the provider's own answer, and \
         `Profile` is what that is turned into: write `#[derive(typegate::RawProfile)]`",
    );
    let fallback = expand::fallback(&attr::read(input, &mut Errors::default()));
    let errors = errors.into_tokens();
    quote!(#errors #fallback)
}
