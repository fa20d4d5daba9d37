//! What stands in for the code of a provider with errors, so that its uses are none as well.

use proc_macro2::TokenStream;
use quote::quote;

use super::ast::Provider;
use super::expand::{speaks_openid_connect, vouches_for_email};
use crate::provider::constructor::{Constructor, prefix};
use crate::provider::fields::usual;

pub(crate) fn expand(provider: &Provider<'_>) -> TokenStream {
    let (input, support) = (provider.input, &provider.support);
    let ident = &input.ident;
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    let usual = usual("client_id", support);
    let constructor = Constructor {
        input,
        fields: if provider.fields.is_empty() { &usual } else { &provider.fields },
        support,
        prefix: prefix(provider.id.as_ref(), provider.env.as_ref()),
        is_stand_in: true,
        kind: "OAuthKind",
    }
    .expand();
    let openid_connect = speaks_openid_connect(provider);
    let vouching = vouches_for_email(provider);
    quote! {
        #constructor

        #openid_connect

        #vouching

        #[automatically_derived]
        impl #generics #support::Provider for #ident #arguments #bounds {
            type Kind = #support::OAuthKind;

            fn into_definition(self) -> #support::OAuthDefinition {
                ::core::unreachable!()
            }
        }
    }
}
