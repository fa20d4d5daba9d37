//! `#[derive(OAuth1Provider)]`: OAuth 1.0a.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{DeriveInput, LitStr, TypePath};

use super::at_field::check_env;
use super::constructor::{Constructor, options, prefix};
use super::fields::{self, Field, check_url_fields, check_use, has_secret, missing_secret, usual};
use super::style::Style;
use crate::check::{Transport, check_id, check_placeholders, check_url};
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
    /// What was meant by names that there are not.
    meant: Vec<&'static str>,
}

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    if let Some((name, span)) = of_another_protocol(input) {
        // The other derive may stand beside this one: code of both would be in each other's way.
        let message = format!(
            "`{name}` does not belong to OAuth 1.0a: derive `OAuthProvider` alone, which is OAuth 2.0 and \
             OpenID Connect"
        );
        errors.add(span, message);
        return errors.into_tokens();
    }
    let provider = read(input, &mut errors);
    if fields::are_named(input) {
        check(&provider, &mut errors);
    }
    let is_good = errors.is_empty();
    let code = expand(&provider, is_good);
    let errors = errors.into_tokens();
    quote!(#errors #code)
}

/// An attribute of OAuth 2.0, where none is of OAuth 1.0a.
fn of_another_protocol(input: &DeriveInput) -> Option<(String, Span)> {
    let mut entries = Entries::of_attributes("provider", &input.attrs, &mut Errors::default());
    let is_one = ENDPOINTS.iter().any(|name| !entries.take_all(name).is_empty());
    let mut others = ["issuer", "authorization_endpoint", "token_endpoint"].iter();
    let other = others.find_map(|name| entries.take_all(name).into_iter().next());
    other.filter(|_| !is_one).map(|entry| (entry.name, entry.span))
}

fn read<'a>(input: &'a DeriveInput, errors: &mut Errors) -> Provider<'a> {
    let own = ["id", "name", "env", "profile", "style", "signature", "version", "crate"];
    let above: Vec<&str> = own.into_iter().chain(ENDPOINTS).collect();
    let fields = fields::read(input, "client_key", &above, errors);
    let is_misnamed = fields::is_misnamed(input);
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
        meant: Vec::new(),
    };
    provider.is_broken = is_misnamed || entries.is_broken();
    provider.meant = entries.finish(errors);
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
        missing.extend(
            others
                .into_iter()
                .chain(endpoints)
                .filter(|(name, is_missing)| *is_missing && !provider.meant.contains(name)),
        );
        if !missing.is_empty() {
            let name = ident.to_string();
            let settings: Vec<String> = missing
                .iter()
                .map(|(setting, _)| match *setting {
                    "id" => format!("id = {:?}", name.to_lowercase()),
                    "name" => format!("name = {name:?}"),
                    "profile" => "profile = SomeType".to_owned(),
                    url => format!("{url} = \"https://..\""),
                })
                .collect();
            let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
            let message = format!("`{ident}` is incomplete: add {}", enumerated(&settings));
            errors.add(ident.span(), message);
        }
    }
    if let Some(id) = &provider.id {
        check_id(id, errors);
    }
    if let Some(env) = &provider.env {
        check_env(env, &provider.fields, errors);
    }
    let names = fields::names(&provider.fields);
    let mut texts = Vec::new();
    let mut is_clear = !provider.is_broken && provider.meant.is_empty();
    for (name, url) in &provider.endpoints {
        if let Some(url) = url {
            let what = name.trim_end_matches("_url").replace('_', " ");
            check_url(&format!("{what} URL"), url, &names, Transport::Protected, errors);
            check_url_fields(url, &provider.fields, errors);
            is_clear &= check_placeholders(url, &names, &[], errors);
            texts.push(url.clone());
        }
    }
    if let Some(signature) = &provider.signature
        && !SIGNATURES.contains(&signature.value().as_str())
    {
        let hint = match nearest(&signature.value(), &SIGNATURES) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", enumerated(&SIGNATURES)),
        };
        let message = format!("`{}` is not a signature method: {hint}", signature.value());
        errors.add(signature.span(), message);
    }
    if is_clear && texts.len() == ENDPOINTS.len() {
        check_use(&provider.fields, &texts, errors);
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
    let usual = usual("client_key", support);
    let fields = if fields.is_empty() { &usual } else { fields };
    let constructor =
        Constructor { input, fields, support, prefix, is_stand_in: !is_good, kind: "OAuth1Kind" }
            .expand();
    let body = if is_good {
        let urls = provider.endpoints.iter().map(|(name, url)| {
            let setting = format_ident!("{}", name.to_uppercase());
            quote!(.url(&#support::setting::#setting, #url))
        });
        let options = options(fields, support);
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
                #options,
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
