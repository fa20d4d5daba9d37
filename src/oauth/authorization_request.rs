//! The authorization request (RFC 6749 section 4.1.1, OpenID Connect Core section 3.1.2.1).

use std::sync::Arc;

use percent_encoding::utf8_percent_encode;

use super::{
    Check, CheckValues, OAuthDefinition, Placeholders, ProviderMetadata, RelyingParty, ResponseMode,
};
use crate::crypto::hash::code_challenge;
use crate::error::OAuthError;
use crate::web::cookie::URI_COMPONENT;
use crate::web::location::SafeLocation;

/// What one sign-in asks for.
#[derive(Clone, Copy)]
pub(crate) struct AuthorizationOptions<'a> {
    pub(crate) redirect_uri: &'a str,
    /// Parameters in addition to the definition's, which they override. A caller that takes them
    /// from a visitor has to limit their names.
    pub(crate) parameters: &'a [(&'a str, &'a str)],
    /// A `max_age` in seconds, which counts if it is stricter than the definition's.
    pub(crate) max_age: Option<u32>,
}

/// An authorization request, ready to be sent.
pub(crate) struct AuthorizationRequest {
    /// To be kept for [`exchange`](RelyingParty::exchange).
    pub(crate) checks: CheckValues,
    metadata: Arc<ProviderMetadata>,
    parameters: Parameters,
}

impl RelyingParty {
    /// Prepares a request. In this order: metadata; state, code verifier and nonce; parameters.
    pub(crate) async fn authorization_request(
        &self,
        options: &AuthorizationOptions<'_>,
    ) -> Result<AuthorizationRequest, OAuthError> {
        let definition = &*self.definition;
        let metadata = self.server.metadata(&self.http_client, self.clock.now()).await?;
        let mut checks = CheckValues::made_for(definition)?;
        checks.max_age = max_age(definition, options.max_age);
        let mut parameters = parameters(definition, &metadata, options);
        if let Some(max_age) = checks.max_age {
            parameters.set("max_age", &max_age.to_string());
        }
        for check in Check::ORDER {
            let Some(value) = checks.get(check) else { continue };
            match check {
                Check::State => parameters.set("state", value),
                Check::Nonce => parameters.set("nonce", value),
                Check::Pkce => {
                    parameters.set("code_challenge", &code_challenge(value));
                    parameters.set("code_challenge_method", "S256");
                }
            }
        }
        Ok(AuthorizationRequest { checks, metadata, parameters })
    }

    /// The address to which the browser is sent. The request is pushed first where the definition
    /// or the provider demands it.
    pub(crate) async fn authorization_url(
        &self,
        request: &AuthorizationRequest,
    ) -> Result<SafeLocation, OAuthError> {
        let AuthorizationRequest { metadata, parameters, .. } = request;
        let endpoint = &metadata.authorization_endpoint;
        let mut query = Parameters(Vec::new());
        if self.definition.endpoints.is_openid_connect() {
            query.0.extend(endpoint.query_pairs().into_owned());
        }
        if self.is_pushed(metadata) {
            let request_uri = self.push(metadata, &parameters.0).await?;
            query.set("client_id", &self.definition.client.id);
            query.set("request_uri", &request_uri);
        } else {
            for (name, value) in &parameters.0 {
                query.set(name, value);
            }
        }
        let location = SafeLocation::of_provider(endpoint, &query.to_text())
            .map_err(|error| OAuthError::Endpoint("authorization_endpoint", error.into()))?;
        Ok(match &self.definition.authorization_fragment {
            Some(fragment) => location.with_fragment(fragment),
            None => location,
        })
    }
}

/// Only an ID token can show that a `max_age` was kept.
fn max_age(definition: &OAuthDefinition, asked: Option<u32>) -> Option<u32> {
    let configured = definition.authorization_parameter("max_age");
    let configured = configured.and_then(|text| text.parse().ok()).unwrap_or(u32::MAX);
    let has_id_token = definition.endpoints.is_openid_connect();
    asked.filter(|asked| has_id_token && *asked <= configured)
}

/// The parameters but for the checks, in v4's order: the protocol's, the provider's, this
/// sign-in's.
fn parameters(
    definition: &OAuthDefinition,
    metadata: &ProviderMetadata,
    options: &AuthorizationOptions<'_>,
) -> Parameters {
    let mut parameters = Parameters(Vec::new());
    parameters.set("client_id", &definition.client.id);
    // v4 always asks for a scope, so one that comes from elsewhere stands here.
    parameters.set("scope", definition.scope().unwrap_or_default());
    let mut has_scope = definition.scope().is_some();
    parameters.set("response_type", "code");
    parameters.set("redirect_uri", options.redirect_uri);
    if definition.response_mode == ResponseMode::FormPost {
        parameters.set("response_mode", "form_post");
    }
    if !definition.endpoints.is_openid_connect() {
        // v4 does: the query of a fixed endpoint counts as parameters of the provider.
        for (name, value) in metadata.authorization_endpoint.query_pairs() {
            if !matches!(&*name, "client_id" | "response_type" | "redirect_uri") {
                has_scope |= name == "scope";
                parameters.set(&name, &value);
            }
        }
    }
    let placeholders = Placeholders { client: &definition.client, exchange: None, tokens: None };
    for (name, value) in placeholders.fill_all(&definition.authorization_parameters) {
        has_scope |= name == "scope";
        parameters.set(name, &value);
    }
    for (name, value) in options.parameters {
        has_scope |= *name == "scope";
        parameters.set(name, value);
    }
    if !has_scope {
        parameters.0.retain(|(name, _)| name != "scope");
    }
    parameters
}

struct Parameters(Vec<(String, String)>);

impl Parameters {
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
