//! The derives of typegate, for `typegate` to re-export. Their attributes are documented at
//! `typegate::OAuthProvider`, `typegate::OAuth1Provider` and `typegate::RawProfile`.
//!
//! Each derive is a pipeline: what was written is taken apart (`attr`) into a model (`ast`),
//! checked (`check`), and only then turned into code (`expand`). Errors are collected on the way;
//! with any of them, a `fallback` stands in for the code so that no second error follows. Attributes
//! with another name than `provider` and `profile` are known for their answer only, and so is `provider`
//! at a profile.

mod check;
mod entry;
mod errors;
mod function;
mod krate;
mod meta;
mod names;
mod profile;
mod provider;
mod quoted;
#[cfg(test)]
mod tests;
mod tokens;
mod unquoted;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

#[expect(missing_docs, reason = "documented where it is re-exported")]
#[proc_macro_derive(OAuthProvider, attributes(provider, providers, oauth))]
pub fn oauth_provider(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    provider::oauth::derive(&input).into()
}

#[expect(missing_docs, reason = "documented where it is re-exported")]
#[proc_macro_derive(OAuth1Provider, attributes(provider, providers, oauth))]
pub fn oauth1_provider(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    provider::oauth1::derive(&input).into()
}

#[expect(missing_docs, reason = "documented where it is re-exported")]
#[proc_macro_derive(RawProfile, attributes(profile, profiles, provider, serde))]
pub fn raw_profile(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    profile::derive(&input).into()
}

/// The name of what a profile becomes, which is no derive.
#[doc(hidden)]
#[proc_macro_derive(Profile, attributes(profile, profiles, serde))]
pub fn profile(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    profile::by_another_name(&input).into()
}

/// By how many seconds clocks may differ at most, likewise for derives and for the library.
#[doc(hidden)]
#[proc_macro]
pub fn __maximum_clock_tolerance(_: TokenStream) -> TokenStream {
    let seconds = provider::oauth::attribute::MAXIMUM_CLOCK_TOLERANCE;
    quote::quote!(#seconds).into()
}

/// What a provider without checks lets happen, likewise.
#[doc(hidden)]
#[proc_macro]
pub fn __without_checks(_: TokenStream) -> TokenStream {
    let consequence = provider::oauth::check::WITHOUT_CHECKS;
    quote::quote!(#consequence).into()
}

/// The parameters of an authorization request that the flow sets itself, as a list: derives refuse
/// them where they are written, and the library where it is configured at run time.
#[doc(hidden)]
#[proc_macro]
pub fn __protocol_parameters(_: TokenStream) -> TokenStream {
    let names = provider::oauth::check::PROTOCOL_PARAMETERS;
    quote::quote!(&[#(#names),*]).into()
}

/// What options are called elsewhere, and which key of a configuration file that is: a list of pairs,
/// by which derives answer to an unknown name, and the library to an unknown key.
#[doc(hidden)]
#[proc_macro]
pub fn __other_names(_: TokenStream) -> TokenStream {
    let pairs = names::OPTIONS
        .iter()
        .flat_map(|(key, others)| others.iter().map(move |other| quote::quote!((#other, #key))));
    quote::quote!(&[#(#pairs),*]).into()
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

/// Bounds that messages do not quote, on an `impl` or a `trait` of the library.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn __unquoted(_: TokenStream, item: TokenStream) -> TokenStream {
    unquoted::by_way_of_the_library(&item.into()).into()
}

/// The second half of that.
#[doc(hidden)]
#[proc_macro]
pub fn __unquoted_from(input: TokenStream) -> TokenStream {
    unquoted::bounds(input.into()).into()
}
