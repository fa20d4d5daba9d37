//! Calls that a provider does not have, because they belong to its builder: `new` where two values
//! could be swapped, and a part behind `build()`.
//!
//! They are methods of a trait, behind a bound that never holds, so that whoever writes methods of the
//! same names is not in their way. The trait's name is what is printed where it is not in scope.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::DeriveInput;

use super::fields::{Field, Role};
use crate::tokens::bare;

pub(crate) struct Misplaced<'a> {
    pub(crate) input: &'a DeriveInput,
    /// The fields that the builder asks for.
    pub(crate) needed: &'a [&'a Field],
    pub(crate) support: &'a TokenStream,
    /// Whether there is a `new`.
    pub(crate) has_new: bool,
}

impl Misplaced<'_> {
    pub(crate) fn expand(&self) -> TokenStream {
        let Self { input, needed, .. } = self;
        let ident = &input.ident;
        let (generics, arguments, bounds) = input.generics.split_for_impl();
        let by_place = (!self.has_new).then(|| self.by_place());
        let late = format_ident!("{ident}PartBehindBuild");
        let late_rule = self.rule(
            &late,
            &format!("the parts of `{ident}` are given before it is built"),
            "too late here",
            "move this call in front of `.build()`, and give each part once",
        );
        let parts = needed.iter().map(|Field { ident: part, .. }| {
            let mut late = late.clone();
            late.set_span(part.span());
            quote_spanned! {part.span()=>
                fn #part<Value>(&mut self, _: Value) -> Self
                where
                    Self: #late,
                {
                    ::core::unreachable!()
                }
            }
        });
        let name = format_ident!("{ident}IsMadeByItsBuilder");
        let (rule, new) = by_place.unzip();
        quote! {
            #rule

            #late_rule

            #[doc(hidden)]
            #[allow(dead_code, clippy::too_many_arguments, reason = "for its answer only")]
            trait #name: ::core::marker::Sized {
                #new

                #(#parts)*
            }

            #[automatically_derived]
            impl #generics #name for #ident #arguments #bounds {}
        }
    }

    fn by_place(&self) -> (TokenStream, TokenStream) {
        let ident = &self.input.ident;
        let rule = format_ident!("{ident}ByPlace");
        let calls: Vec<String> = self.needed.iter().map(|field| call(field)).collect();
        let rules = self.rule(
            &rule,
            &format!("`{ident}` has no `new`, because two of its texts could be swapped"),
            &format!("write `{ident}::builder()`"),
            &format!(
                "write `{ident}::builder(){}.build()`, or `{ident}::from_env()?`",
                calls.concat()
            ),
        );
        let values: Vec<Ident> =
            (0..self.needed.len()).map(|place| format_ident!("Value{place}")).collect();
        let mut rule = rule;
        rule.set_span(ident.span());
        let new = quote_spanned! {ident.span()=>
            fn new<#(#values),*>(#(_: #values),*) -> Self
            where
                Self: #rule,
            {
                ::core::unreachable!()
            }
        };
        (rules, new)
    }

    /// A trait that no provider has.
    fn rule(&self, name: &Ident, message: &str, label: &str, note: &str) -> TokenStream {
        let support = self.support;
        quote! {
            #[diagnostic::on_unimplemented(message = #message, label = #label, note = #note)]
            #[doc(hidden)]
            #[allow(dead_code, reason = "for its answer only")]
            trait #name {}

            // Of a trait without any, the compiler says so.
            #[diagnostic::do_not_recommend]
            impl #name for #support::NotGiven {}
        }
    }
}

/// The call that gives a part.
fn call(field: &Field) -> String {
    let name = bare(&field.ident);
    let example = match field.role {
        Role::ClientId => "\"client id\"",
        Role::ClientSecret => "\"client secret\"",
        Role::PrivateKey => "key",
        Role::Text => "\"..\"",
    };
    format!(".{name}({example})")
}
