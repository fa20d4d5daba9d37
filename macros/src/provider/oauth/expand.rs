//! The code: one call for each attribute, which fills the definition.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::LitStr;
use syn::spanned::Spanned as _;

use super::super::constructor::{Constructor, options, prefix};
use super::super::fields::{has_secret, private_key};
use super::ast::{Given, Provider, Value};
use super::attribute::Kind;
use crate::check::pointer;
use crate::errors::Errors;
use crate::function::Function;

pub(crate) fn expand(provider: &Provider<'_>) -> TokenStream {
    let (input, support) = (provider.input, &provider.support);
    let ident = &input.ident;
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    let description = description(provider);
    let constructor = constructor(provider);
    let openid_connect = provider.is_openid_connect().then(|| speaks_openid_connect(provider));
    let vouching = vouches_for_email(provider);
    let hook = hook(provider).map(|hook| hook.rule());
    quote! {
        #constructor

        #hook

        #openid_connect

        #vouching

        #[automatically_derived]
        impl #generics #support::Provider for #ident #arguments #bounds {
            type Kind = #support::OAuthKind;

            fn into_definition(self) -> #support::OAuthDefinition {
                #description
            }
        }
    }
}

pub(crate) fn speaks_openid_connect(provider: &Provider<'_>) -> TokenStream {
    let (support, ident) = (&provider.support, &provider.input.ident);
    let (generics, arguments, bounds) = provider.input.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #generics #support::SpeaksOpenIdConnect for #ident #arguments #bounds {}
    }
}

/// For whoever says which addresses are proved. A provider with an issuer has a claim for it.
pub(crate) fn vouches_for_email(provider: &Provider<'_>) -> Option<TokenStream> {
    let (support, ident) = (&provider.support, &provider.input.ident);
    let (generics, arguments, bounds) = provider.input.generics.split_for_impl();
    let vouches = match provider.text("email_vouching") {
        Some(vouching) => vouching.value() != "never",
        None => provider.is_openid_connect(),
    };
    vouches.then(|| {
        quote! {
            #[automatically_derived]
            #[diagnostic::do_not_recommend]
            impl #generics #support::VouchesForEmail for #ident #arguments #bounds {}
        }
    })
}

fn constructor(provider: &Provider<'_>) -> TokenStream {
    Constructor {
        input: provider.input,
        fields: &provider.fields,
        support: &provider.support,
        prefix: prefix(provider.id.as_ref(), provider.env.as_ref()),
        is_stand_in: false,
        kind: "OAuthKind",
    }
    .expand()
}

fn description(provider: &Provider<'_>) -> TokenStream {
    let Provider { support, id, name, .. } = provider;
    let client = client(provider);
    let fields = options(&provider.fields, support);
    let start = if provider.is_openid_connect() { quote!(oidc) } else { quote!(oauth2) };
    let profile = match &provider.profile {
        Some(ty) => quote_spanned!(ty.span()=> <#ty as #support::RawProfile>::map),
        None => quote!(<#support::StandardClaims as #support::RawProfile>::map),
    };
    let given = provider.given.iter().map(|given| setting(provider, given));
    let hook = hook(provider).map(|hook| {
        let span = hook.span();
        let future = hook.call(&quote_spanned!(span=> request));
        quote_spanned!(span=> .hook(|request| ::std::boxed::Box::pin(#future)))
    });
    let beta = provider.beta.as_ref().map(|beta| quote!(.beta(#beta)));
    let style = provider.style.is_given().then(|| {
        let style = provider.style.expand(support);
        quote!(.style(&#style))
    });
    quote! {
        #support::Description::#start(#id, #name, #client, #profile, #fields)
            #(#given)*
            #hook
            #beta
            #style
            .definition()
    }
}

/// The function that completes a profile.
fn hook<'a>(provider: &'a Provider<'_>) -> Option<Function<'a>> {
    provider.hook.as_ref().map(|path| Function {
        path,
        support: &provider.support,
        rule: format_ident!("{}Hook", provider.input.ident),
        fits: "FitsAsHook",
        problem: "does not have the signature of a hook".to_owned(),
        label: "cannot complete a profile".to_owned(),
        written: (
            "async fn ",
            "(request: UserInfoRequest<'_>) -> Result<serde_json::Value, BoxError>".to_owned(),
        ),
    })
}

fn client(provider: &Provider<'_>) -> TokenStream {
    let support = &provider.support;
    if private_key(&provider.fields).is_some() {
        quote!(#support::OAuthClient::from(#support::OAuthClient::with_private_key(
            self.client_id,
            self.private_key,
        )))
    } else if has_secret(&provider.fields) {
        quote!(#support::OAuthClient::new(self.client_id, self.client_secret))
    } else {
        quote!(#support::OAuthClient::from(#support::OAuthClient::public(self.client_id)))
    }
}

/// The call that sets an option.
fn setting(provider: &Provider<'_>, given: &Given) -> TokenStream {
    let support = &provider.support;
    let constant = format_ident!("{}", given.attribute.setting);
    let setting = quote!(&#support::setting::#constant);
    match (given.attribute.kind, &given.value) {
        (Kind::Url(..), Value::Text(url)) => quote!(.url(#setting, #url)),
        (Kind::Pointer, Value::Text(path)) => {
            let pointer = LitStr::new(&pointer(path, &mut Errors::default()), path.span());
            quote!(.text(#setting, #pointer))
        }
        (Kind::Scope, Value::Text(scope)) => {
            let scope = separated(scope, provider.scope_separator.as_ref());
            quote!(.scope(#scope))
        }
        (Kind::OneWord(_), Value::Text(word))
            if given.attribute.name == "client_authentication" =>
        {
            quote!(.client_authentication(#word))
        }
        (Kind::OneWord(_), Value::Text(word)) => quote!(.word(#setting, #word)),
        (_, Value::Text(text)) => quote!(.text(#setting, #text)),
        (_, Value::Seconds(seconds)) => quote!(.seconds(#setting, #seconds)),
        (_, Value::Nothing) => quote!(.flag(#setting)),
        (_, Value::Pairs(pairs)) => {
            let pairs = pairs.expand();
            quote!(.pairs(#setting, #pairs))
        }
        (Kind::Words(known), Value::Names(names)) => {
            let is_given = |word: &&&str| names.iter().any(|(name, _)| name == **word);
            let words = known.iter().filter(is_given);
            quote!(.words(#setting, &[#(#words),*]))
        }
        (_, Value::Names(names)) => {
            let names = names.iter().map(|(name, _)| name);
            quote!(.texts(#setting, &[#(#names),*]))
        }
    }
}

/// Scope tokens as this provider wants them separated.
fn separated(scope: &LitStr, by: Option<&LitStr>) -> LitStr {
    match by {
        Some(by) => LitStr::new(&scope.value().replace(' ', &by.value()), scope.span()),
        None => scope.clone(),
    }
}
