//! The path of typegate where the derive is used.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::errors::Errors;
use crate::meta::Entries;

/// The path of the support module. Its name holds the version, so a derive of another release than
/// the library's does not compile.
pub(crate) fn support(entries: &mut Entries, errors: &mut Errors) -> TokenStream {
    let module = format_ident!("__support_{}", env!("CARGO_PKG_VERSION").replace('.', "_"));
    match entries.take_crate("crate", errors) {
        Some(path) => quote!(#path::provider::#module),
        None => quote!(::typegate::provider::#module),
    }
}
