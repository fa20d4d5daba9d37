//! `#[derive(OAuth1Provider)]`: OAuth 1.0a.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{DeriveInput, LitStr, TypePath};

use super::constructor::{Constructor, prefix};
use super::fields::{self, Field, Role, has_secret, missing_secret};
use super::style::Style;
use crate::check::{check_id, check_url};
use crate::errors::{Errors, nearest};
use crate::krate;
use crate::meta::{Entries, enumerated};

const SIGNATURES: [&str; 2] = ["HMAC-SHA1", "PLAINTEXT"];
const ENDPOINTS: [&str; 4] =
    ["request_token_url", "authorization_url", "access_token_url", "profile_url"];

struct Provider<'a> {
    input: &'a DeriveInput,
    support: TokenStream,
    fields: Vec<Field>,
    is_broken: bool,
    id: Option<LitStr>,
    name: Option<LitStr>,
    env: Option<LitStr>,
    endpoints: Vec<(&'static str, Option<LitStr>)>,
    signature: Option<LitStr>,
    version: Option<LitStr>,
    profile: Option<TypePath>,
    style: Style,
}

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let provider = read(input, &mut errors);
    check(&provider, &mut errors);
    let is_good = errors.is_empty();
    let code = expand(&provider, is_good);
    let errors = errors.into_tokens();
    quote!(#errors #code)
}

fn read<'a>(input: &'a DeriveInput, errors: &mut Errors) -> Provider<'a> {
    let fields = fields::read(input, "client_key", errors);
    let mut entries = Entries::of_attributes("provider", &input.attrs, errors);
    let mut provider = Provider {
        input,
        support: krate::support(&mut entries, errors),
        fields,
        is_broken: false,
        id: entries.take_text("id", errors),
        name: entries.take_text("name", errors),
        env: entries.take_text("env", errors),
        endpoints: ENDPOINTS.map(|name| (name, entries.take_text(name, errors))).into(),
        signature: entries.take_text("signature", errors),
        version: entries.take_text("version", errors),
        profile: entries.take_type("profile", errors),
        style: Style::read(&mut entries, errors),
    };
    provider.is_broken = entries.is_broken();
    entries.finish(errors);
    provider
}

fn check(provider: &Provider<'_>, errors: &mut Errors) {
    let ident = &provider.input.ident;
    if !provider.is_broken {
        let mut missing = Vec::new();
        let endpoints = provider.endpoints.iter().map(|(name, url)| (*name, url.is_none()));
        let others = [
            ("id", provider.id.is_none()),
            ("name", provider.name.is_none()),
            ("profile", provider.profile.is_none()),
        ];
        missing.extend(others.into_iter().chain(endpoints).filter(|(_, is_missing)| *is_missing));
        if !missing.is_empty() {
            let names: Vec<&str> = missing.iter().map(|(name, _)| *name).collect();
            let message = format!("`{ident}` does not say its {}", enumerated(&names));
            errors.add(ident.span(), message);
        }
    }
    if let Some(id) = &provider.id {
        check_id(id, errors);
    }
    for (name, url) in &provider.endpoints {
        if let Some(url) = url {
            let what = name.trim_end_matches("_url").replace('_', " ");
            check_url(&format!("{what} URL"), url, &[], errors);
        }
    }
    if let Some(signature) = &provider.signature
        && !SIGNATURES.contains(&signature.value().as_str())
    {
        let hint = match nearest(&signature.value(), &SIGNATURES) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", enumerated(&SIGNATURES)),
        };
        let message = format!("`{}` is no signature method: {hint}", signature.value());
        errors.add(signature.span(), message);
    }
    for field in provider.fields.iter().filter(|field| field.role == Role::Text) {
        let message = "OAuth 1.0a knows `client_key` and `client_secret` only: remove this field";
        errors.add(field.ident.span(), message);
    }
    if !has_secret(&provider.fields) && !provider.fields.is_empty() {
        missing_secret(ident, ", which signs every request", errors);
    }
}

fn expand(provider: &Provider<'_>, is_good: bool) -> TokenStream {
    let Provider { input, support, id, name, style, fields, .. } = provider;
    let ident = &input.ident;
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    let prefix = prefix(id.as_ref(), provider.env.as_ref());
    let constructor =
        (!fields.is_empty()).then(|| Constructor { input, fields, support, prefix }.expand());
    let body = if is_good {
        let urls = provider.endpoints.iter().map(|(name, url)| {
            let setting = format_ident!("{}", name.to_uppercase());
            quote!(.url(&#support::setting::#setting, #url))
        });
        let signature = provider.signature.as_ref();
        let signature = signature.map(|word| quote!(.word(&#support::setting::SIGNATURE, #word)));
        let version = provider.version.as_ref();
        let version = version.map(|text| quote!(.text(&#support::setting::VERSION, #text)));
        let profile = provider
            .profile
            .as_ref()
            .map(|ty| quote_spanned!(ty.span()=> <#ty as #support::RawProfile>::map));
        let style = style.is_given().then(|| {
            let style = style.expand(support);
            quote!(.style(&#style))
        });
        quote! {
            #support::Description::oauth1(
                #id,
                #name,
                #support::OAuth1Client::new(self.client_key, self.client_secret),
                #profile,
            )
            #(#urls)*
            #signature
            #version
            #style
            .definition()
        }
    } else {
        quote!(::core::unreachable!())
    };
    quote! {
        #constructor

        #[automatically_derived]
        impl #generics #support::Provider for #ident #arguments #bounds {
            type Kind = #support::OAuth1Kind;

            fn into_definition(self) -> #support::OAuth1Definition {
                #body
            }
        }
    }
}
