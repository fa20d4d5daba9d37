//! First half: the browser is sent to the provider (RFC 6749 section 4.1.1).

use percent_encoding::utf8_percent_encode;
use url::Url;

use super::super::Context;
use super::check_cookie;
use crate::cookie::{SetCookie, URI_COMPONENT};
use crate::crypto::hash::code_challenge;
use crate::crypto::random;
use crate::csrf::CsrfVerified;
use crate::error::{ErrorCode, OAuthError, PageError};
use crate::log::{Step, step};
use crate::message::Reply;
use crate::provider::{Check, OAuthDefinition, Placeholders, ProviderMetadata, Server};

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

/// In this order: metadata, check cookies, redirect. The flow starts only with a verified CSRF
/// token.
pub(crate) async fn authorization_request(
    context: &Context<'_>,
    definition: &OAuthDefinition,
    server: &Server,
    _: CsrfVerified,
) -> Reply {
    match prepare(context, definition, server).await {
        Ok((url, cookies)) => {
            step(Step::GetAuthorizationUrl, Some(&definition.id), || endpoint_of(&url));
            Reply::redirect(url).cookies(cookies)
        }
        Err(error) => {
            let (log, id) = (&context.config.log, Some(definition.id.as_str()));
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
) -> Result<(String, Vec<SetCookie>), OAuthError> {
    let metadata = server.metadata(&*context.config.http_client, context.now).await?;
    let mut cookies = Vec::new();
    let mut parameters = Vec::new();
    for check in check_cookie::ORDER.into_iter().filter(|check| definition.has(*check)) {
        let failure = |_| OAuthError::CheckCookieNotMade(check_cookie::name(check));
        let value = random::url_safe_token().map_err(failure)?;
        cookies.push(check_cookie::seal(context, check, &definition.id, &value)?);
        let (made, id) = (|| "is made".to_owned(), Some(definition.id.as_str()));
        match check {
            Check::State => step(Step::CreateState, id, made),
            Check::Nonce => step(Step::CreateNonce, id, made),
            Check::Pkce => step(Step::CreatePkceCodeVerifier, id, made),
        }
        match check {
            Check::State => parameters.push(("state", value)),
            Check::Nonce => parameters.push(("nonce", value)),
            Check::Pkce => {
                parameters.push(("code_challenge", code_challenge(&value)));
                parameters.push(("code_challenge_method", "S256".to_owned()));
            }
        }
    }
    Ok((authorization_url(context, definition, &metadata, &parameters), cookies))
}

/// The parameters in v4's order: the endpoint's own, the protocol's, the provider's, the page's,
/// the checks.
fn authorization_url(
    context: &Context<'_>,
    definition: &OAuthDefinition,
    metadata: &ProviderMetadata,
    checks: &[(&str, String)],
) -> String {
    let endpoint = &metadata.authorization_endpoint;
    let mut query = Query(Vec::new());
    if definition.endpoints.is_openid_connect() {
        query.0.extend(endpoint.query_pairs().into_owned());
    }
    query.set("client_id", &definition.client.id);
    if let Some(scope) = &definition.scope.0 {
        query.set("scope", scope);
    }
    query.set("response_type", "code");
    query.set("redirect_uri", &redirect_uri(context, definition));
    if !definition.endpoints.is_openid_connect() {
        // v4 does: the query of a fixed endpoint counts as parameters of the provider.
        for (name, value) in endpoint.query_pairs() {
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
    for (name, value) in checks {
        query.set(name, value);
    }
    query.behind(endpoint)
}

/// Made from the configuration alone; nothing of the request is in it, and the token request
/// repeats it byte for byte.
pub(super) fn redirect_uri(context: &Context<'_>, definition: &OAuthDefinition) -> String {
    context.address(&format!("callback/{}", definition.id))
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

    fn behind(&self, endpoint: &Url) -> String {
        let mut url = endpoint.clone();
        url.set_query(None);
        url.set_fragment(None);
        let encode = |text| utf8_percent_encode(text, URI_COMPONENT);
        let pairs: Vec<_> = self
            .0
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect();
        format!("{url}?{}", pairs.join("&"))
    }
}
