//! The derives of typegate, for `typegate` to re-export. Their attributes are documented at
//! `typegate::OAuthProvider`, `typegate::OAuth1Provider` and `typegate::RawProfile`.
//!
//! Each derive is a pipeline: what was written is taken apart (`attr`) into a model (`ast`),
//! checked (`check`), and only then turned into code (`expand`). Errors are collected on the way;
//! with any of them, a `fallback` stands in for the code so that no second error follows.

mod check;
mod errors;
mod krate;
mod meta;
mod profile;
mod provider;
mod quoted;
#[cfg(test)]
mod tests;
mod tokens;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

#[expect(missing_docs, reason = "documented where it is re-exported")]
#[proc_macro_derive(OAuthProvider, attributes(provider))]
pub fn oauth_provider(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    provider::oauth::derive(&input).into()
}

#[expect(missing_docs, reason = "documented where it is re-exported")]
#[proc_macro_derive(OAuth1Provider, attributes(provider))]
pub fn oauth1_provider(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    provider::oauth1::derive(&input).into()
}

#[expect(missing_docs, reason = "documented where it is re-exported")]
#[proc_macro_derive(RawProfile, attributes(profile))]
pub fn raw_profile(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    profile::derive(&input).into()
}

/// By how many seconds clocks may differ at most, likewise for derives and for the library.
#[doc(hidden)]
#[proc_macro]
pub fn __maximum_clock_tolerance(_: TokenStream) -> TokenStream {
    let seconds = provider::oauth::MAXIMUM_CLOCK_TOLERANCE;
    quote::quote!(#seconds).into()
}

/// The parameters of an authorization request that the flow sets itself, as a list: derives refuse
/// them where they are written, and the library where it is configured at run time.
#[doc(hidden)]
#[proc_macro]
pub fn __protocol_parameters(_: TokenStream) -> TokenStream {
    let names = provider::oauth::check::PROTOCOL_PARAMETERS;
    quote::quote!(&[#(#names),*]).into()
}

/// An item whose texts name a row of a table.
#[doc(hidden)]
#[proc_macro]
pub fn __filled(input: TokenStream) -> TokenStream {
    quoted::filled(input.into()).into()
}

/// Code that messages quote where it stands, without the macros that it came through.
#[doc(hidden)]
#[proc_macro]
pub fn __in_place(input: TokenStream) -> TokenStream {
    quoted::in_place(input.into()).into()
}
