//! `style(..)`: the look of the button.

use proc_macro2::TokenStream;
use quote::quote;
use syn::LitStr;

use crate::check::{check_color, check_logo};
use crate::errors::Errors;
use crate::meta::Entries;

#[derive(Default)]
pub(crate) struct Style(Vec<(&'static str, Option<LitStr>)>);

impl Style {
    pub(crate) fn read(entries: &mut Entries, errors: &mut Errors) -> Self {
        let list = entries.take_list("style", errors);
        let mut entries = Entries::of_list("style", list);
        let mut style = Vec::new();
        for name in ["logo", "logo_dark", "background", "background_dark", "text", "text_dark"] {
            let value = entries.take_text(name, errors);
            match &value {
                Some(logo) if name.starts_with("logo") => check_logo(logo, errors),
                Some(color) => check_color(color, errors),
                None => {}
            }
            style.push((name, value));
        }
        entries.finish(errors);
        Self(style)
    }

    pub(crate) fn is_given(&self) -> bool {
        self.0.iter().any(|(_, value)| value.is_some())
    }

    pub(crate) fn expand(&self, support: &TokenStream) -> TokenStream {
        let members = self.0.iter().map(|(name, value)| {
            let name = quote::format_ident!("{name}");
            let value = optional(value.as_ref());
            quote!(#name: #value)
        });
        quote!(#support::StyleDescription { #(#members),* })
    }
}

/// A text or none.
fn optional(text: Option<&LitStr>) -> TokenStream {
    match text {
        Some(text) => quote!(::core::option::Option::Some(#text)),
        None => quote!(::core::option::Option::None),
    }
}
