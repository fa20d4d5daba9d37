//! The code: one static description, and what makes a definition of it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::LitStr;
use syn::spanned::Spanned as _;

use super::super::constructor::{Constructor, options, prefix};
use super::super::fields::{has_secret, private_key};
use super::super::style::optional;
use super::ast::Provider;
use crate::check::pointer;
use crate::errors::Errors;

pub(crate) fn expand(provider: &Provider<'_>) -> TokenStream {
    let (input, support) = (provider.input, &provider.support);
    let ident = &input.ident;
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    let description = description(provider);
    let client = if private_key(&provider.fields).is_some() {
        quote!(#support::Client::from(#support::Client::with_private_key(
            self.client_id,
            self.private_key,
        )))
    } else if has_secret(&provider.fields) {
        quote!(#support::Client::new(self.client_id, self.client_secret))
    } else {
        quote!(#support::Client::from(#support::Client::public(self.client_id)))
    };
    let options = options(&provider.fields, support);
    let constructor = constructor(provider);
    let openid_connect = provider.is_openid_connect().then(|| speaks_openid_connect(provider));
    let vouching = vouches_for_email(provider);
    quote! {
        #constructor

        #openid_connect

        #vouching

        #[automatically_derived]
        impl #generics #support::Provider for #ident #arguments #bounds {
            type Kind = #support::OAuthKind;

            fn into_definition(self) -> #support::OAuthDefinition {
                static DESCRIPTION: #support::OAuthDescription = #description;
                DESCRIPTION.definition(#client, #options)
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
    let vouches = match &provider.email_vouching {
        Some(vouching) => vouching.value() != "never",
        None => provider.is_openid_connect(),
    };
    vouches.then(|| {
        quote! {
            #[automatically_derived]
            impl #generics #support::VouchesForEmail for #ident #arguments #bounds {}
        }
    })
}

pub(crate) fn constructor(provider: &Provider<'_>) -> TokenStream {
    Constructor {
        input: provider.input,
        fields: &provider.fields,
        support: &provider.support,
        prefix: prefix(provider.id.as_ref(), provider.env.as_ref()),
    }
    .expand()
}

fn description(provider: &Provider<'_>) -> TokenStream {
    let Provider { support, id, name, style, .. } = provider;
    let (authorization, token, userinfo) =
        (&provider.authorization, &provider.token, &provider.userinfo);
    let openid_connect = provider.is_openid_connect();
    let text = |text: &Option<LitStr>| optional(text.as_ref());
    let issuer = optional(provider.issuer.as_ref().or(provider.callback_issuer.as_ref()));
    let document = text(&provider.discovery);
    let tenant_claim = text(&provider.tenant_claim);
    let beta = text(&provider.beta);
    let key_set = text(&provider.jwks);
    let authorization_url = text(&authorization.url);
    let authorization_parameters = authorization.params.expand();
    let token_url = text(&token.url);
    let token_query = token.query.expand();
    let token_headers = token.headers.expand();
    let token_form = token.form.expand();
    let only_declared_form = token.only_declared_form.is_some();
    let token_select = select(&token.select);
    let pushed_authorization = text(&provider.pushed_authorization);
    let end_session = text(&provider.end_session);
    let userinfo_url = text(&userinfo.url);
    let post = userinfo.post.is_some() || userinfo.json.is_some();
    let query = userinfo.query.expand();
    let headers = userinfo.headers.expand();
    let json = text(&userinfo.json);
    let userinfo_select = select(&userinfo.select);
    let add = userinfo.add.expand();
    let signed = match &userinfo.signed {
        Some(name) => {
            let algorithm = algorithm(support, Some(name));
            quote!(::core::option::Option::Some(#algorithm))
        }
        None => quote!(::core::option::Option::None),
    };
    let callback_fields = &userinfo.callback_fields;
    let fetch = provider.asks_user_info();
    let hook = match &userinfo.hook {
        Some(path) => quote_spanned! {path.span()=>
            ::core::option::Option::Some(|request| ::std::boxed::Box::pin(#path(request)))
        },
        None => quote!(::core::option::Option::None),
    };
    let scope = scope(provider);
    let checks = checks(provider);
    let authentication = match provider.client_authentication.as_ref().map(LitStr::value).as_deref()
    {
        Some("basic") => quote!(Basic),
        Some("post") => quote!(Post),
        Some("secret_jwt") => quote!(SecretJwt),
        Some("none") => quote!(None),
        _ => quote!(Automatic),
    };
    let response_mode = match provider.response_mode.as_ref().map(LitStr::value).as_deref() {
        Some("form_post") => quote!(FormPost),
        _ => quote!(Query),
    };
    let vouching = match provider.email_vouching.as_ref().map(LitStr::value).as_deref() {
        Some("always") => quote!(Always),
        Some("never") => quote!(Never),
        _ => quote!(WhenVerified),
    };
    let id_token_algorithm = algorithm(support, provider.id_token_algorithm.as_ref());
    let profile = match &provider.profile {
        Some(ty) => quote_spanned!(ty.span()=> <#ty as #support::RawProfile>::map),
        None => quote!(<#support::StandardClaims as #support::RawProfile>::map),
    };
    let style = style.expand(support);
    quote! {
        #support::OAuthDescription {
            id: #id,
            name: #name,
            openid_connect: #openid_connect,
            issuer: #issuer,
            document: #document,
            tenant_claim: #tenant_claim,
            key_set: #key_set,
            authorization: #authorization_url,
            authorization_parameters: #authorization_parameters,
            token: #token_url,
            token_query: #token_query,
            token_headers: #token_headers,
            token_form: #token_form,
            only_declared_form: #only_declared_form,
            token_select: #token_select,
            pushed_authorization: #pushed_authorization,
            end_session: #end_session,
            user_info: #userinfo_url,
            user_info_post: #post,
            user_info_query: #query,
            user_info_headers: #headers,
            user_info_json: #json,
            user_info_select: #userinfo_select,
            user_info_add: #add,
            user_info_signed: #signed,
            callback_fields: &[#(#callback_fields),*],
            fetch_user_info: #fetch,
            user_info_hook: #hook,
            scope: #scope,
            checks: #checks,
            response_mode: #support::ResponseMode::#response_mode,
            authentication: #support::ClientAuthentication::#authentication,
            id_token_algorithm: #id_token_algorithm,
            email_vouching: #support::EmailVouching::#vouching,
            beta: #beta,
            profile: #profile,
            style: #style,
        }
    }
}

/// A path of the answer as a JSON Pointer. `check` has reported what is none.
fn select(path: &Option<LitStr>) -> TokenStream {
    let pointer =
        path.as_ref().map(|path| LitStr::new(&pointer(path, &mut Errors::default()), path.span()));
    optional(pointer.as_ref())
}

fn algorithm(support: &TokenStream, name: Option<&LitStr>) -> TokenStream {
    let variant = match name.map(LitStr::value).as_deref() {
        None => "Rs256".to_owned(),
        Some("EdDSA") => "EdDsa".to_owned(),
        Some(name) => {
            let (first, rest) = name.split_at(1);
            format!("{first}{}", rest.to_lowercase())
        }
    };
    let variant = format_ident!("{variant}");
    quote!(#support::SignatureAlgorithm::#variant)
}

/// What is asked for. Nothing by default, save in OpenID Connect.
fn scope(provider: &Provider<'_>) -> TokenStream {
    let Some(scope) = &provider.scope else {
        return if provider.is_openid_connect() {
            quote!(::core::option::Option::Some("openid profile email"))
        } else {
            quote!(::core::option::Option::None)
        };
    };
    let separator = provider.scope_separator.as_ref().map(LitStr::value);
    let text = separator.map_or_else(|| scope.value(), |by| scope.value().replace(' ', &by));
    optional(Some(&LitStr::new(&text, scope.span())))
}

fn checks(provider: &Provider<'_>) -> TokenStream {
    let support = &provider.support;
    let declared = provider.checks.as_ref().map(|(_, checks)| checks);
    let is_on = |name: &str| match declared {
        Some(checks) => checks.iter().any(|(check, _)| check == name),
        None => name != "nonce" || provider.is_openid_connect(),
    };
    let checks = [("pkce", "Pkce"), ("state", "State"), ("nonce", "Nonce")];
    let checks = checks.iter().filter(|(name, _)| is_on(name)).map(|(_, variant)| {
        let variant = format_ident!("{variant}");
        quote!(#support::Check::#variant)
    });
    quote!(&[#(#checks),*])
}
