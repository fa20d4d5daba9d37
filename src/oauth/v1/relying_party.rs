//! The OAuth 1.0a client (RFC 5849 section 2) of one provider: the sibling of
//! [`RelyingParty`](crate::oauth::RelyingParty), with the same steps.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::{OAuth1AuthorizationResponse, OAuth1Definition, OAuth1Server, Token};
use crate::error::{ConfigError, OAuthError};
use crate::runtime::clock::Clock;
use crate::web::location::SafeLocation;
use crate::web::outbound::ErasedHttpClient;

/// The OAuth 1.0a client of one provider.
pub(crate) struct OAuth1RelyingParty {
    pub(super) definition: Box<OAuth1Definition>,
    server: OAuth1Server,
    pub(super) http_client: Arc<dyn ErasedHttpClient>,
    pub(super) clock: Arc<dyn Clock>,
}

impl OAuth1RelyingParty {
    /// Fails if an endpoint of the definition is not an address that may be used.
    pub(crate) fn check_endpoints(definition: &OAuth1Definition) -> Result<(), ConfigError> {
        OAuth1Server::new(definition).map(drop)
    }

    /// Fails as [`check_endpoints`](Self::check_endpoints) does.
    pub(crate) fn new(
        definition: Box<OAuth1Definition>,
        http_client: Arc<dyn ErasedHttpClient>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ConfigError> {
        let server = OAuth1Server::new(&definition)?;
        Ok(Self { definition, server, http_client, clock })
    }

    /// What is known of the provider.
    pub(crate) fn definition(&self) -> &OAuth1Definition {
        &self.definition
    }

    /// Asks for a request token (RFC 5849 section 2.1), which has to be kept for
    /// [`exchange`](Self::exchange), where only this browser can use it.
    pub(crate) async fn request_token(&self, callback: &str) -> Result<Token, OAuthError> {
        let url = &self.server.request_token_url;
        let answer = self.post(url, None, ("oauth_callback", callback)).await;
        let answer = answer.map_err(OAuthError::RequestToken)?;
        // Otherwise it is OAuth 1.0, in which a token can be fixated before somebody else allows
        // it.
        if answer.text("oauth_callback_confirmed") != Some("true") {
            return Err(OAuthError::RequestTokenResponse("does not confirm the callback"));
        }
        Token::from_answer(&answer).map_err(OAuthError::RequestTokenResponse)
    }

    /// The address to which the browser is sent (RFC 5849 section 2.2): the endpoint with its own
    /// query, the token and further parameters, whose names the caller limits. The token's secret
    /// stays here (v4 sends it, and the rest of the answer).
    pub(crate) fn authorization_url(
        &self,
        request_token: &Token,
        parameters: &[(&str, &str)],
    ) -> Result<SafeLocation, OAuthError> {
        let mut url = self.server.authorization_url.clone();
        if !parameters.is_empty() {
            let own: Vec<(String, String)> = url.query_pairs().into_owned().collect();
            let is_other =
                |(name, _): &&(String, String)| parameters.iter().all(|(new, _)| name != new);
            url.query_pairs_mut().clear().extend_pairs(own.iter().filter(is_other));
        }
        let mut query = url.query_pairs_mut();
        query.append_pair("oauth_token", &request_token.text).extend_pairs(parameters);
        drop(query);
        SafeLocation::of_provider(&url, url.query().unwrap_or_default())
            .map_err(|error| OAuthError::Endpoint("authorization_endpoint", error.into()))
    }

    /// Exchanges a request token for an access token (RFC 5849 section 2.3). In this order: the
    /// response names this request token; verifier; access token.
    pub(crate) async fn exchange(
        &self,
        response: &OAuth1AuthorizationResponse<'_>,
        request_token: &Token,
    ) -> Result<Token, OAuthError> {
        response.check_token(request_token)?;
        let verifier = ("oauth_verifier", response.verifier()?);
        let answer = self.post(&self.server.access_token_url, Some(request_token), verifier).await;
        let answer = answer.map_err(OAuthError::TokenRequest)?;
        Token::from_answer(&answer).map_err(OAuthError::TokenResponse)
    }

    /// The raw profile, with an access token.
    pub(crate) async fn user_info(&self, token: &Token) -> Result<Value, OAuthError> {
        let raw_profile = self.get_json(&self.server.profile_url, token).await;
        Ok(Value::Object(raw_profile.map_err(OAuthError::UserInfo)?))
    }
}

impl fmt::Debug for OAuth1RelyingParty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("OAuth1RelyingParty");
        out.field("definition", &self.definition).finish_non_exhaustive()
    }
}
