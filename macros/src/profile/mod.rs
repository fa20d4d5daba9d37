//! `#[derive(RawProfile)]`: how a provider's answer turns into a user.

mod ast;
mod attr;
mod check;
mod expand;

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
