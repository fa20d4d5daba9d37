//! The code exchange (RFC 6749 section 4.1.3, OpenID Connect Core section 3.1.3): from an
//! authorization response to tokens that passed every check.

use std::sync::Arc;

use super::id_token::{self, Nonce};
use super::issued_token::{Parties, subject};
use super::{AuthorizationResponse, CheckValues, Exchange, ProviderMetadata, RelyingParty};
use crate::error::OAuthError;
use crate::model::{JsonObject, TokenSet};

/// A token response that passed every check.
pub(crate) struct TokenResponse {
    pub(crate) tokens: TokenSet,
    /// The claims of the ID token; plain OAuth 2.0 has none.
    pub(crate) claims: Option<JsonObject>,
    /// The metadata that were used, so that the userinfo request goes to the same server even if
    /// the cache has newer ones by then.
    pub(super) metadata: Arc<ProviderMetadata>,
    /// The code that was spent. The provider may quote it in whatever it says later.
    pub(super) code: String,
}

impl TokenResponse {
    /// The subject of the ID token.
    pub(crate) fn subject(&self) -> Option<&str> {
        self.claims.as_ref().and_then(subject)
    }
}

impl RelyingParty {
    /// In this order: all checks are present; state; code; metadata; issuer; token request; access
    /// token; ID token. `redirect_uri` is the authorization request's, byte for byte.
    pub(crate) async fn exchange(
        &self,
        response: &AuthorizationResponse<'_>,
        checks: &CheckValues,
        redirect_uri: &str,
    ) -> Result<TokenResponse, OAuthError> {
        let now = self.clock.now();
        checks.complete(&self.definition)?;
        response.check_state(checks)?;
        let code = response.code()?;
        let metadata = self.server.metadata(&self.http_client, now).await?;
        response.check_issuer(&self.definition, &metadata)?;
        let code_verifier = checks.code_verifier.as_deref();
        let callback = response.parameters;
        let exchange = Exchange { code, redirect_uri, code_verifier, callback };
        let answer = self.request_tokens(&metadata, exchange, now).await?;
        let mut tokens = self.tokens(&answer, now);
        if tokens.access_token().is_none_or(str::is_empty) {
            return Err(OAuthError::TokenResponse("has no access token"));
        }
        let storable = |text: &&str| !text.contains(char::is_control);
        if let Some(session_state) = response.session_state.filter(storable) {
            tokens.insert("session_state", session_state);
        }
        let claims = if self.definition.endpoints.is_openid_connect() {
            let token = tokens.id_token().ok_or(OAuthError::TokenResponse("has no ID token"))?;
            let expected = id_token::Expected {
                parties: Parties { relying_party: self, metadata: &metadata, now },
                nonce: Nonce::Exactly(checks.nonce.as_deref()),
                max_age: checks.max_age,
                access_token: tokens.access_token().unwrap_or_default(),
                code: Some(code),
            };
            let claims = id_token::validate(token, &expected).await?;
            metadata.check_tenant(response.iss, &claims)?;
            Some(claims)
        } else {
            None
        };
        Ok(TokenResponse { tokens, claims, metadata, code: exchange.code.to_owned() })
    }
}
