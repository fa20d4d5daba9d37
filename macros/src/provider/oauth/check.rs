//! What contradicts, is missing or cannot be?

use proc_macro2::Span;
use syn::LitStr;

use super::super::fields::{
    check_url_fields, check_use, has_secret, missing_secret, names, private_key,
};
use super::super::parameters::Parameter;
use super::ast::Provider;
use crate::check::{check_id, check_placeholders, check_scope, check_url, pointer};
use crate::errors::{Errors, nearest};
use crate::meta::enumerated;
use crate::tokens::bare;

/// Parameters of the authorization request that the flow itself sets.
const PROTOCOL_PARAMETERS: [&str; 10] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "request",
    "request_uri",
];

pub(crate) const CHECKS: [&str; 3] = ["pkce", "state", "nonce"];
pub(crate) const AUTHENTICATIONS: [&str; 4] = ["basic", "post", "secret_jwt", "none"];
pub(crate) const RESPONSE_MODES: [&str; 2] = ["query", "form_post"];
pub(crate) const VOUCHING: [&str; 3] = ["when_verified", "always", "never"];
pub(crate) const ALGORITHMS: [&str; 8] =
    ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA", "HS256"];

const AUTHORIZATION_VALUES: &[&str] = &["client_id"];
const TOKEN_VALUES: &[&str] =
    &["client_id", "client_secret", "code", "redirect_uri", "code_verifier"];
const USERINFO_VALUES: &[&str] = &["client_id", "client_secret", "access_token", "tokens.NAME"];

pub(crate) fn check(provider: &Provider<'_>, errors: &mut Errors) {
    if !provider.is_broken {
        missing(provider, errors);
    }
    contradictions(provider, errors);
    literals(provider, errors);
    placeholders(provider, errors);
    client(provider, errors);
}

fn missing(provider: &Provider<'_>, errors: &mut Errors) {
    let ident = &provider.input.ident;
    let mut add = |message: String| errors.add(ident.span(), message);
    if provider.id.is_none() {
        add(format!(
            "`{ident}` has no id: write `#[provider(id = \"{}\")]`; it ends the callback URL and \
             is stored with accounts",
            bare(ident).to_lowercase()
        ));
    }
    if provider.name.is_none() {
        let name = bare(ident);
        add(format!("`{ident}` has no name to show: write `#[provider(name = \"{name}\")]`"));
    }
    if provider.is_openid_connect() {
        return;
    }
    let endpoints = [
        ("authorization", &provider.authorization.url),
        ("token", &provider.token.url),
        ("userinfo", &provider.userinfo.url),
    ];
    let missing: Vec<&str> =
        endpoints.iter().filter(|(_, url)| url.is_none()).map(|(name, _)| *name).collect();
    match missing.as_slice() {
        [] => {}
        [_, _, _] => add(format!(
            "`{ident}` has neither an issuer nor endpoints: write `issuer = \"https://..\"` for \
             OpenID Connect, or `authorization = \"https://..\"`, `token = \"https://..\"` and \
             `userinfo = \"https://..\"` for OAuth 2.0"
        )),
        some => add(format!(
            "`{ident}` has no {} endpoint: write {}, or `issuer = \"https://..\"` to have \
             endpoints discovered by OpenID Connect",
            some.join(" and no "),
            some.iter()
                .map(|name| format!("`{name} = \"https://..\"`"))
                .collect::<Vec<_>>()
                .join(" and ")
        )),
    }
    if provider.profile.is_none() {
        add(format!(
            "`{ident}` does not say who somebody is: write `profile = SomeType` with a type that \
             derives `Profile`"
        ));
    }
}

fn contradictions(provider: &Provider<'_>, errors: &mut Errors) {
    let is_openid_connect = provider.is_openid_connect();
    let mut only_with_issuer = |given: Option<Span>, message: &str| {
        if let Some(span) = given.filter(|_| !is_openid_connect && !provider.is_broken) {
            errors.add(span, message);
        }
    };
    let span = |text: &Option<LitStr>| text.as_ref().map(LitStr::span);
    only_with_issuer(
        span(&provider.discovery),
        "a discovery document belongs to an issuer: add `issuer = \"https://..\"`",
    );
    only_with_issuer(
        span(&provider.jwks),
        "keys verify ID tokens, and OAuth 2.0 has none: add `issuer = \"https://..\"` for OpenID \
         Connect, or remove `jwks`",
    );
    only_with_issuer(
        span(&provider.id_token_algorithm),
        "OAuth 2.0 has no ID tokens: add `issuer = \"https://..\"` for OpenID Connect, or remove \
         `id_token_algorithm`",
    );
    only_with_issuer(
        span(&provider.end_session),
        "OAuth 2.0 has no end-session endpoint: add `issuer = \"https://..\"` for OpenID Connect, \
         or remove `end_session`",
    );
    only_with_issuer(
        span(&provider.tenant_claim),
        "`tenant_claim` is about the issuer: add `issuer = \"https://../{tenantid}/..\"`",
    );
    only_with_issuer(
        span(&provider.userinfo.signed),
        "what signs the answer is the issuer's key: add `issuer = \"https://..\"`",
    );
    only_with_issuer(
        provider.userinfo.fetch,
        "OAuth 2.0 always asks the userinfo endpoint: remove `fetch`",
    );
    let nonce = provider.checks.iter().flat_map(|(_, checks)| checks);
    let nonce = nonce.filter(|(name, _)| name == "nonce").map(|(_, span)| *span).next();
    only_with_issuer(
        nonce,
        "a nonce comes back in an ID token, and OAuth 2.0 has none: use `checks(pkce, state)`, or \
         add `issuer = \"https://..\"` for OpenID Connect",
    );
    let Some(issuer) = &provider.issuer else { return };
    if let Some(callback_issuer) = &provider.callback_issuer {
        errors.add(
            callback_issuer.span(),
            "`issuer` is compared with the callback's `iss` already: remove `callback_issuer`; or \
             remove `issuer` if this is OAuth 2.0 without ID tokens",
        );
    }
    let fixed = [&provider.authorization.url, &provider.token.url];
    match (fixed, &provider.jwks, &provider.discovery) {
        ([Some(_), Some(token)], None, None) => errors.add(
            token.span(),
            "an issuer and fixed endpoints contradict each other: with both endpoints declared \
             nothing says where the keys of ID tokens are. Leave the endpoints out to have them \
             discovered, or add `jwks = \"https://..\"`; for OAuth 2.0 without ID tokens write \
             `callback_issuer` instead of `issuer`",
        ),
        ([Some(_), Some(_)], Some(_), Some(document)) => errors.add(
            document.span(),
            "nothing is left to be discovered: remove `discovery`, or endpoints",
        ),
        _ => {}
    }
    if let (Some(url), None) = (&provider.userinfo.url, provider.userinfo.fetch) {
        errors.add(
            url.span(),
            "nobody asks this endpoint, because the profile is the ID token's claims: write \
             `userinfo(url = \"..\", fetch)`, or remove it",
        );
    }
    if let Some(scope) = &provider.scope
        && !scope.value().split(' ').any(|token| token == "openid")
    {
        errors.add(
            scope.span(),
            format!(
                "without `openid` in the scope there is no ID token (OpenID Connect Core section \
                 3.1.2.1): write `scope = \"openid {}\"`",
                scope.value()
            ),
        );
    }
    let has_tenant = issuer.value().contains("{tenantid}");
    if has_tenant && provider.tenant_claim.is_none() {
        errors.add(
            issuer.span(),
            "`{tenantid}` stands for the tenant that an ID token is of: add `tenant_claim = \"tid\"`",
        );
    }
    if let (false, Some(claim)) = (has_tenant, &provider.tenant_claim) {
        errors.add(claim.span(), "the issuer has no `{tenantid}` for `tenant_claim` to fill");
    }
}

fn literals(provider: &Provider<'_>, errors: &mut Errors) {
    let fields = names(&provider.fields);
    if let Some(id) = &provider.id {
        check_id(id, errors);
    }
    if let Some(name) = provider.name.as_ref().filter(|name| name.value().trim().is_empty()) {
        errors.add(name.span(), "the name is empty, and people read it on the button");
    }
    for (what, url) in provider.urls() {
        check_url(what, url, &fields, errors);
        check_url_fields(url, &provider.fields, errors);
    }
    if let Some(scope) = &provider.scope {
        check_scope(scope, errors);
    }
    for select in [&provider.token.select, &provider.userinfo.select].into_iter().flatten() {
        pointer(select, errors);
    }
    let mut one_of = |text: &Option<LitStr>, known: &[&str]| {
        let Some(text) = text else { return };
        if !known.contains(&text.value().as_str()) {
            let hint = match nearest(&text.value(), known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are {}", enumerated(known)),
            };
            errors.add(text.span(), format!("`{}` is not known here: {hint}", text.value()));
        }
    };
    one_of(&provider.client_authentication, &AUTHENTICATIONS);
    one_of(&provider.response_mode, &RESPONSE_MODES);
    one_of(&provider.id_token_algorithm, &ALGORITHMS);
    one_of(&provider.email_vouching, &VOUCHING);
    one_of(&provider.userinfo.signed, &ALGORITHMS);
    let Some((span, checks)) = &provider.checks else { return };
    for (name, span) in checks {
        if !CHECKS.contains(&name.as_str()) {
            let known = enumerated(&CHECKS);
            errors.add(*span, format!("`{name}` is no check: there are {known}"));
        }
    }
    if checks.is_empty() {
        errors.add(
            *span,
            "without a check anybody can sign somebody else in as themselves: write \
             `checks(state)` if the provider knows no PKCE",
        );
    }
}

fn placeholders(provider: &Provider<'_>, errors: &mut Errors) {
    let fields = names(&provider.fields);
    let mut texts: Vec<LitStr> = Vec::new();
    let mut check = |text: &LitStr, values: &[&str]| {
        check_placeholders(text, &fields, values, errors);
        texts.push(text.clone());
    };
    for (what, url) in provider.urls() {
        match what {
            "userinfo endpoint" => check(url, USERINFO_VALUES),
            "issuer" => check(url, &["client_id", "tenantid"]),
            _ => check(url, &["client_id"]),
        }
    }
    for text in provider.authorization.params.texts() {
        check(text, AUTHORIZATION_VALUES);
    }
    let token = &provider.token;
    for text in token.query.texts().chain(token.headers.texts()).chain(token.form.texts()) {
        check(text, TOKEN_VALUES);
    }
    let userinfo = &provider.userinfo;
    let parameters = userinfo.query.texts().chain(userinfo.headers.texts());
    for text in parameters.chain(userinfo.add.texts()).chain(&userinfo.json) {
        check(text, USERINFO_VALUES);
    }
    if let Some(scope) = &provider.scope {
        check(scope, &[]);
    }
    check_use(&provider.fields, &texts, errors);
    for parameter in &provider.authorization.params.0 {
        let name = parameter.name.as_str();
        if name == "scope" {
            errors.add(parameter.span, "write `scope = \"..\"` beside `authorization`");
        } else if PROTOCOL_PARAMETERS.contains(&name) && !is_code_by_another_name(parameter) {
            let message = format!(
                "`{name}` is set by the sign-in itself, and a fixed value would break or weaken \
                 it: remove it"
            );
            errors.add(parameter.span, message);
        }
    }
}

/// A vendor's own word for `code`; all others of the standard bring tokens through the browser.
fn is_code_by_another_name(parameter: &Parameter) -> bool {
    let value = parameter.value.value();
    let mut words = value.split(' ');
    parameter.name == "response_type"
        && !words.any(|word| ["", "code", "id_token", "none", "token"].contains(&word))
}

fn client(provider: &Provider<'_>, errors: &mut Errors) {
    let authentication = provider.client_authentication.as_ref();
    let is_public = authentication.is_some_and(|text| text.value() == "none");
    let Some((_, checks)) = &provider.checks else {
        return secret(provider, is_public, errors);
    };
    if let Some(text) = authentication.filter(|_| is_public)
        && !has_secret(&provider.fields)
        && !checks.iter().any(|(name, _)| name == "pkce")
    {
        errors.add(
            text.span(),
            "a client without a secret needs PKCE, or whoever sees a code can use it: write \
             `checks(pkce, state)` (RFC 9700 section 2.1.1)",
        );
    }
    secret(provider, is_public, errors);
}

fn secret(provider: &Provider<'_>, is_public: bool, errors: &mut Errors) {
    let has_secret = has_secret(&provider.fields);
    if let Some(key) = private_key(&provider.fields) {
        let mut add = |message| errors.add(key.ident.span(), message);
        if key.default.is_some() || key.is_optional() {
            add(
                "the private key is what the client proves itself with: make the field a `PrivateKey`",
            );
        }
        if has_secret {
            add("a client proves itself in one way: remove `client_secret`, or `private_key`");
        }
        if let Some(authentication) = &provider.client_authentication {
            errors.add(
                authentication.span(),
                "a private key signs a statement and goes with no other way: remove \
                 `client_authentication`, or `private_key`",
            );
        }
    } else if !has_secret && !is_public && !provider.fields.is_empty() {
        let how = ", or write `client_authentication = \"none\"` if the client has none";
        missing_secret(&provider.input.ident, how, errors);
    }
    let is_hmac = |text: &&LitStr| text.value() == "HS256";
    if let Some(algorithm) = provider.id_token_algorithm.as_ref().filter(is_hmac)
        && !has_secret
    {
        errors.add(
            algorithm.span(),
            "`HS256` is keyed with the client secret: add `client_secret: ClientSecret`",
        );
    }
}
