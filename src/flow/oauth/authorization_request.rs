//! First half: the browser is sent to the provider (RFC 6749 section 4.1.1).

use percent_encoding::utf8_percent_encode;

use super::super::Context;
use super::attempt_key::AttemptKey;
use super::check_cookie::{CheckCookies, ORDER, name};
use super::pushed_authorization::{is_pushed, push};
use crate::crypto::hash::code_challenge;
use crate::crypto::random;
use crate::error::{ErrorCode, OAuthError, PageError};
use crate::log::{Step, step};
use crate::oauth::{Check, OAuthDefinition, Placeholders, ProviderMetadata, ResponseMode, Server};
use crate::web::Reply;
use crate::web::cookie::{SetCookie, URI_COMPONENT};
use crate::web::csrf::CsrfVerified;
use crate::web::location::SafeLocation;

/// What a page may add to the authorization request in the query of the sign-in address. All
/// other names are dropped: they are the protocol's own, or nobody's.
const REQUEST_PARAMETERS: [&str; 14] = [
    "acr_values",
    "audience",
    "connection",
    "display",
    "domain_hint",
    "hd",
    "kc_idp_hint",
    "login_hint",
    "organization",
    "prompt",
    "resource",
    "scope",
    "screen_hint",
    "ui_locales",
];

/// In this order: metadata, check cookies, pushed request if there is one, redirect. The flow
/// starts only with a verified CSRF token.
pub(crate) async fn authorization_request(
    context: &Context<'_>,
    definition: &OAuthDefinition,
    server: &Server,
    _: CsrfVerified,
) -> Reply {
    match prepare(context, definition, server).await {
        Ok((url, cookies)) => {
            step(Step::GetAuthorizationUrl, Some(&definition.common.id), || endpoint_of(url.uri()));
            Reply::redirect(url).cookies(cookies)
        }
        Err(error) => {
            let (log, id) = (&context.config.log, Some(definition.common.id.as_str()));
            let retired = error.retired_code().unwrap_or(ErrorCode::GetAuthorizationUrl);
            log.failure(retired, id, &error);
            log.failure(ErrorCode::SignInOAuth, id, &error);
            context.to_error(PageError::OAuthSignin)
        }
    }
}

/// The address without its parameters, which hold state and nonce.
fn endpoint_of(url: &str) -> String {
    url.split('?').next().unwrap_or_default().to_owned()
}

async fn prepare(
    context: &Context<'_>,
    definition: &OAuthDefinition,
    server: &Server,
) -> Result<(SafeLocation, Vec<SetCookie>), OAuthError> {
    let metadata = server.metadata(&context.config.http_client, context.now).await?;
    let maximum_age = requested_maximum_age(context, definition);
    let mut values = Vec::new();
    for check in ORDER.into_iter().filter(|check| definition.has(*check)) {
        let failure = |_| OAuthError::CheckCookieNotMade(name(check));
        values.push((check, random::url_safe_token().map_err(failure)?));
    }
    let state = values.iter().find(|(check, _)| *check == Check::State);
    let attempt = state.map(|(_, state)| AttemptKey::of(state));
    let (id, mode) = (&definition.common.id, definition.response_mode);
    let check_cookies = CheckCookies::new(context, id, mode, attempt);
    let mut cookies = Vec::new();
    let mut checks = Vec::new();
    for (check, value) in values {
        cookies.push(check_cookies.seal(check, &value, maximum_age)?);
        let (made, id) = (|| "is made".to_owned(), Some(definition.common.id.as_str()));
        match check {
            Check::State => step(Step::CreateState, id, made),
            Check::Nonce => step(Step::CreateNonce, id, made),
            Check::Pkce => step(Step::CreatePkceCodeVerifier, id, made),
        }
        match check {
            Check::State => checks.push(("state", value)),
            Check::Nonce => checks.push(("nonce", value)),
            Check::Pkce => {
                checks.push(("code_challenge", code_challenge(&value)));
                checks.push(("code_challenge_method", "S256".to_owned()));
            }
        }
    }
    cookies.extend(check_cookies.superseded());
    let mut parameters = parameters(context, definition, &metadata);
    if let Some(maximum_age) = maximum_age {
        parameters.set("max_age", &maximum_age.to_string());
    }
    for (name, value) in &checks {
        parameters.set(name, value);
    }
    let endpoint = &metadata.authorization_endpoint;
    let mut query = Query(Vec::new());
    if definition.endpoints.is_openid_connect() {
        query.0.extend(endpoint.query_pairs().into_owned());
    }
    if is_pushed(definition, &metadata) {
        let reference = push(context, definition, &metadata, &parameters.0).await?;
        query.set("client_id", &definition.client.id);
        query.set("request_uri", &reference);
    } else {
        for (name, value) in &parameters.0 {
            query.set(name, value);
        }
    }
    let location = SafeLocation::of_provider(endpoint, &query.to_text())
        .map_err(|error| OAuthError::Endpoint("authorization_endpoint", error.into()))?;
    Ok((location, cookies))
}

/// The `max_age` of the page, in seconds: it may be stricter than the configuration and not
/// looser. It is sealed with the checks, because the ID token is held against it.
fn requested_maximum_age(context: &Context<'_>, definition: &OAuthDefinition) -> Option<u32> {
    let requested: u32 = context.request.query.text("max_age")?.parse().ok()?;
    let configured = definition.authorization_parameter("max_age");
    let configured = configured.and_then(|text| text.parse().ok()).unwrap_or(u32::MAX);
    let has_id_token = definition.endpoints.is_openid_connect();
    (has_id_token && requested <= configured).then_some(requested)
}

/// The parameters but for the checks, in v4's order: the protocol's, the provider's, the page's.
fn parameters(
    context: &Context<'_>,
    definition: &OAuthDefinition,
    metadata: &ProviderMetadata,
) -> Query {
    let mut query = Query(Vec::new());
    query.set("client_id", &definition.client.id);
    if let Some(scope) = definition.scope() {
        query.set("scope", scope);
    }
    query.set("response_type", "code");
    query.set("redirect_uri", &redirect_uri(context, definition));
    if definition.response_mode == ResponseMode::FormPost {
        query.set("response_mode", "form_post");
    }
    if !definition.endpoints.is_openid_connect() {
        // v4 does: the query of a fixed endpoint counts as parameters of the provider.
        for (name, value) in metadata.authorization_endpoint.query_pairs() {
            if !matches!(&*name, "client_id" | "response_type" | "redirect_uri") {
                query.set(&name, &value);
            }
        }
    }
    let placeholders = Placeholders { client: &definition.client, exchange: None, tokens: None };
    for (name, value) in placeholders.fill_all(&definition.authorization_parameters) {
        query.set(name, &value);
    }
    let asked = &context.request.query;
    for name in asked.as_object().keys().filter(|name| REQUEST_PARAMETERS.contains(&name.as_str()))
    {
        if let Some(value) = asked.text(name) {
            query.set(name, value);
        }
    }
    query
}

/// Made from the configuration alone; nothing of the request is in it, and the token request
/// repeats it byte for byte.
pub(super) fn redirect_uri(context: &Context<'_>, definition: &OAuthDefinition) -> String {
    context.address(&format!("callback/{}", definition.common.id))
}

struct Query(Vec<(String, String)>);

impl Query {
    /// Replaces a parameter in its place, or appends it.
    fn set(&mut self, name: &str, value: &str) {
        match self.0.iter_mut().find(|(existing, _)| existing == name) {
            Some((_, existing)) => value.clone_into(existing),
            None => self.0.push((name.to_owned(), value.to_owned())),
        }
    }

    fn to_text(&self) -> String {
        let encode = |text| utf8_percent_encode(text, URI_COMPONENT);
        let pairs: Vec<_> = self
            .0
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect();
        pairs.join("&")
    }
}
