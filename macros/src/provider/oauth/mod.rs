//! `#[derive(OAuthProvider)]`: OAuth 2.0 and OpenID Connect.

mod ast;
mod attr;
pub(crate) mod attribute;
pub(crate) mod check;
mod expand;
mod fallback;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use super::fields;
use crate::errors::Errors;

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let provider = attr::read(input, &mut errors);
    if fields::are_named(input) {
        check::check(&provider, &mut errors);
    }
    if errors.is_empty() {
        return expand::expand(&provider);
    }
    let fallback = fallback::expand(&provider);
    let errors = errors.into_tokens();
    quote::quote!(#errors #fallback)
}
