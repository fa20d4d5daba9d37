//! The checks of a provider: what is missing, contradicts itself or cannot be.

use syn::LitStr;

use super::super::at_field::check_env;
use super::super::fields::{
    check_url_fields, check_use, has_secret, missing_secret, names, private_key,
};
use super::super::parameters::Parameter;
use super::ast::{Given, Provider, Value};
use super::attribute::{AUTHORIZATION_ENDPOINT, Kind, TOKEN_ENDPOINT, USERINFO_ENDPOINT};
use crate::check::{check_id, check_issuer, check_placeholders, check_scope, check_url, pointer};
use crate::errors::{Errors, nearest};
use crate::meta::enumerated;
use crate::tokens::bare;

/// What a provider without checks lets happen.
pub(crate) const WITHOUT_CHECKS: &str =
    "without a check an attacker can sign a visitor in to the attacker's account";

/// Parameters of the authorization request that the flow itself sets.
pub(crate) const PROTOCOL_PARAMETERS: [&str; 10] = [
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
    let name = bare(ident);
    let id = name.to_lowercase();
    let mut add = |message: String| errors.add(ident.span(), message);
    let lacks_id = provider.id.is_none() && !provider.is_meant("id");
    let lacks_name = provider.name.is_none() && !provider.is_meant("name");
    if lacks_id && lacks_name && provider.given.is_empty() && provider.meant.is_empty() {
        return add(format!(
            "`{ident}` says nothing about its provider: write `#[provider(id = \"{id}\", name = \
             \"{name}\", issuer = \"https://..\")]` for OpenID Connect; for OAuth 2.0 write \
             `authorization_endpoint`, `token_endpoint`, `userinfo_endpoint` and `profile` instead \
             of `issuer`"
        ));
    }
    if lacks_id {
        add(format!(
            "`{ident}` has no id: write `#[provider(id = \"{id}\")]`; it ends the callback URL and \
             is stored with accounts"
        ));
    }
    if lacks_name {
        add(format!("`{ident}` has no name to show: write `#[provider(name = \"{name}\")]`"));
    }
    if provider.seems_openid_connect() {
        return;
    }
    let endpoints = [
        ("authorization", AUTHORIZATION_ENDPOINT, provider.authorization_endpoint()),
        ("token", TOKEN_ENDPOINT, provider.token_endpoint()),
        ("userinfo", USERINFO_ENDPOINT, provider.userinfo_endpoint()),
    ];
    let missing: Vec<&str> = endpoints
        .iter()
        .filter(|(_, attribute, url)| url.is_none() && !provider.is_meant(attribute))
        .map(|(name, ..)| *name)
        .collect();
    match missing.as_slice() {
        [] => {}
        [_, _, _] => {
            return add(format!(
                "`{ident}` has neither an issuer nor endpoints: write `issuer = \"https://..\"` for \
                 OpenID Connect, or `authorization_endpoint = \"https://..\"`, `token_endpoint = \
                 \"https://..\"`, `userinfo_endpoint = \"https://..\"` and `profile = SomeType` for \
                 OAuth 2.0"
            ));
        }
        some => add(format!(
            "`{ident}` has no {} endpoint: write {}, or `issuer = \"https://..\"` to have \
             endpoints discovered by OpenID Connect",
            some.join(" and no "),
            some.iter()
                .map(|name| format!("`{name}_endpoint = \"https://..\"`"))
                .collect::<Vec<_>>()
                .join(" and ")
        )),
    }
    if provider.profile.is_none() && !provider.is_meant("profile") {
        add(format!(
            "`{ident}` does not say who somebody is: write `profile = SomeType` with a type that \
             derives `RawProfile`"
        ));
    }
}

fn contradictions(provider: &Provider<'_>, errors: &mut Errors) {
    if !provider.is_openid_connect() && !provider.is_broken && !provider.is_meant("issuer") {
        for given in &provider.given {
            if let Some(message) = given.attribute.needs_issuer {
                errors.add(given.span, message);
            }
        }
        let checks = provider.checks().into_iter().flat_map(|(_, checks)| checks);
        for (_, span) in checks.filter(|(name, _)| name == "nonce") {
            errors.add(
                *span,
                "a nonce comes back in an ID token, and OAuth 2.0 has none: use `checks(pkce, \
                 state)`, or add `issuer = \"https://..\"` for OpenID Connect",
            );
        }
    }
    let Some(issuer) = provider.text("issuer") else { return };
    check_issuer(issuer, errors);
    if let Some(callback_issuer) = provider.text("callback_issuer") {
        errors.add(
            callback_issuer.span(),
            "`issuer` is compared with the callback's `iss` already: remove `callback_issuer`; or \
             remove `issuer` if this is OAuth 2.0 without ID tokens",
        );
    }
    let fixed = [provider.authorization_endpoint(), provider.token_endpoint()];
    match (fixed, provider.text("jwks_uri"), provider.text("discovery_document")) {
        ([Some(_), Some(token)], None, None) => errors.add(
            token.span(),
            "with both endpoints declared nothing is discovered, and nothing says where the keys of \
             ID tokens are: add `jwks_uri = \"https://..\"`, or leave the endpoints out; for OAuth \
             2.0 without ID tokens write `callback_issuer` instead of `issuer`",
        ),
        ([Some(_), Some(_)], Some(_), Some(document)) => errors.add(
            document.span(),
            "nothing is left to be discovered: remove `discovery_document`, or one of the endpoints",
        ),
        ([Some(_), Some(_)], Some(_), None) => undiscovered(provider, errors),
        _ => {}
    }
    if let (Some(url), false) = (provider.userinfo_endpoint(), provider.fetches_user_info()) {
        errors.add(
            url.span(),
            "this endpoint is never asked, because the profile is the ID token's claims: write \
             `userinfo_endpoint(url = \"..\", fetch)`, or remove it",
        );
    }
    if let Some(scope) = provider.text("scope")
        && !scope.value().split([' ', ',']).any(|token| token == "openid")
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
    if has_tenant && provider.text("tenant_claim").is_none() {
        errors.add(
            issuer.span(),
            "`{tenantid}` stands for the tenant that an ID token is of: add `tenant_claim = \"tid\"`",
        );
    }
    if let (false, Some(claim)) = (has_tenant, provider.text("tenant_claim")) {
        errors.add(claim.span(), "the issuer has no `{tenantid}` for `tenant_claim` to fill");
    }
}

/// What is asked of a provider all of whose endpoints are declared, and is none of them.
fn undiscovered(provider: &Provider<'_>, errors: &mut Errors) {
    let nowhere = "nothing is discovered where both endpoints and `jwks_uri` are declared";
    let fetch = provider.find(Some(USERINFO_ENDPOINT), "fetch");
    if let (Some(fetch), None) = (fetch, provider.userinfo_endpoint()) {
        let message = format!(
            "`fetch` asks the userinfo endpoint, and {nowhere}: write `userinfo_endpoint(url = \
             \"https://..\", fetch)`"
        );
        errors.add(fetch.span, message);
    }
    let endpoint = provider.text("pushed_authorization_request_endpoint");
    let always = provider.text("pushed_authorization").filter(|text| text.value() == "always");
    if let (Some(always), None) = (always, endpoint) {
        let message = format!(
            "authorization requests are pushed, and {nowhere}: add \
             `pushed_authorization_request_endpoint = \"https://..\"`"
        );
        errors.add(always.span(), message);
    }
}

fn literals(provider: &Provider<'_>, errors: &mut Errors) {
    let fields = names(&provider.fields);
    if let Some(id) = &provider.id {
        check_id(id, errors);
    }
    if let Some(env) = &provider.env {
        check_env(env, &provider.fields, errors);
    }
    if let Some(name) = provider.name.as_ref().filter(|name| name.value().trim().is_empty()) {
        errors.add(
            name.span(),
            "the name is empty, and people read it on the button: write `name = \"Acme\"`",
        );
    }
    for Given { attribute, value, .. } in &provider.given {
        match (attribute.kind, value) {
            (Kind::Url(what, _), Value::Text(url)) => {
                check_url(what, url, &fields, provider.transport(), errors);
                check_url_fields(url, &provider.fields, errors);
            }
            (Kind::Scope, Value::Text(scope)) => {
                check_scope(scope, provider.is_openid_connect(), errors);
            }
            (Kind::Pointer, Value::Text(path)) => drop(pointer(path, errors)),
            (Kind::OneWord(known), Value::Text(text)) => one_of(text, known, errors),
            (Kind::Words(known), Value::Names(names)) => {
                for (name, span) in names.iter().filter(|(name, _)| !known.contains(&name.as_str()))
                {
                    let known = enumerated(known);
                    errors.add(*span, format!("`{name}` is not a check: there are {known}"));
                }
            }
            _ => {}
        }
    }
    if let Some((span, [])) = provider.checks() {
        errors.add(
            span,
            format!(
                "{WITHOUT_CHECKS}: remove `checks()`, or write `checks(state)` if the provider does \
                 not support PKCE"
            ),
        );
    }
}

fn one_of(text: &LitStr, known: &[&str], errors: &mut Errors) {
    if known.contains(&text.value().as_str()) {
        return;
    }
    let hint = match nearest(&text.value(), known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}", enumerated(known)),
    };
    errors.add(text.span(), format!("`{}` is not known here: {hint}", text.value()));
}

fn placeholders(provider: &Provider<'_>, errors: &mut Errors) {
    let fields = names(&provider.fields);
    let mut texts: Vec<LitStr> = Vec::new();
    let mut is_clear = !provider.is_broken && provider.meant.is_empty();
    let mut check = |text: &LitStr, values: &[&str]| {
        is_clear &= check_placeholders(text, &fields, values, errors);
        texts.push(text.clone());
    };
    for Given { attribute, value, .. } in &provider.given {
        match (attribute.kind, value) {
            (Kind::Url(_, values) | Kind::Json(values), Value::Text(text)) => check(text, values),
            (Kind::Scope, Value::Text(text)) => check(text, &[]),
            (Kind::Pairs(values) | Kind::Headers(values), Value::Pairs(pairs)) => {
                pairs.texts().for_each(|text| check(text, values));
            }
            _ => {}
        }
    }
    // Otherwise nobody knows what would use it.
    if is_clear {
        check_use(&provider.fields, &texts, errors);
    }
    for parameter in provider.authorization_parameters() {
        let name = parameter.name.as_str();
        if name == "scope" {
            let message = format!(
                "the scope is not a parameter here: write `scope = {:?}` beside \
                 `authorization_endpoint`",
                parameter.value.value()
            );
            errors.add(parameter.span, message);
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
    let authentication = provider.text("client_authentication");
    let is_public = authentication.is_some_and(|text| text.value() == "none");
    let Some((span, checks)) = provider.checks() else {
        return secret(provider, is_public, errors);
    };
    if is_public && !has_secret(&provider.fields) && !checks.iter().any(|(name, _)| name == "pkce")
    {
        errors.add(
            checks.first().map_or(span, |(_, first)| *first),
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
        if let Some(authentication) = provider.text("client_authentication") {
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
    if let Some(algorithm) = provider.text("id_token_algorithm").filter(is_hmac)
        && !has_secret
    {
        errors.add(
            algorithm.span(),
            "`HS256` is keyed with the client secret: add `client_secret: ClientSecret`",
        );
    }
}
