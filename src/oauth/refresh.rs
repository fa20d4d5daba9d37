//! The refresh of tokens (RFC 6749 section 6, OpenID Connect Core section 12).

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::Value;

use super::RelyingParty;
use super::id_token::{self, Nonce};
use super::issued_token::Parties;
use crate::crypto::hash::sha256_hexadecimal;
use crate::error::{OAuthError, causes};
use crate::model::{JsonObject, TokenSet};
use crate::web::outbound::AnswerError;

impl RelyingParty {
    /// Refreshes the tokens that the provider gave. However many callers bring the same refresh
    /// token, it is sent once, because a provider that rotates them takes a second use for theft
    /// (RFC 9700 section 4.14). For the same reason the request goes on after its callers have
    /// gone.
    pub(crate) async fn refresh(
        self: &Arc<Self>,
        tokens: &TokenSet,
    ) -> Result<TokenSet, OAuthError> {
        let refresh_token = tokens.refresh_token().filter(|token| !token.is_empty());
        let refresh_token = refresh_token.ok_or(OAuthError::NotRefreshable("no refresh token"))?;
        let key = sha256_hexadecimal(&[refresh_token.as_bytes()]);
        let now = self.clock.now();
        let work = {
            let relying_party = Arc::clone(self);
            let (tokens, refresh_token) = (tokens.clone(), refresh_token.to_owned());
            async move { Ok(relying_party.fresh_tokens(&tokens, &refresh_token, now).await?) }
        };
        self.refreshes.run(key, now, work).await.map_err(|error| {
            if is_refusal(&*error) {
                OAuthError::RefreshTokenRefused(error)
            } else {
                OAuthError::Refresh(error)
            }
        })
    }

    async fn fresh_tokens(
        &self,
        tokens: &TokenSet,
        refresh_token: &str,
        now: Timestamp,
    ) -> Result<TokenSet, OAuthError> {
        let metadata = self.server.metadata(&self.http_client, now).await?;
        let response = self.request_fresh_tokens(&metadata, refresh_token, now).await?;
        let fresh = self.tokens(&response, now);
        if fresh.access_token().is_none_or(str::is_empty) {
            return Err(OAuthError::TokenResponse("has no access token"));
        }
        // One of plain OAuth 2.0 has been left out.
        if let Some(token) = fresh.id_token() {
            let before = tokens.id_token().and_then(stored_claims).unwrap_or_default();
            let expected = id_token::Expected {
                parties: Parties { relying_party: self, metadata: &metadata, now },
                nonce: Nonce::IfPresent(before.get("nonce").and_then(Value::as_str)),
                max_age: None,
                access_token: fresh.access_token().unwrap_or_default(),
                code: None,
            };
            let claims = id_token::validate(token, &expected).await?;
            // OpenID Connect Core section 12.2; the issuer was compared with the configured one.
            if before.get("sub").is_some_and(|subject| claims.get("sub") != Some(subject)) {
                return Err(OAuthError::IdToken("is about another subject".into()));
            }
        }
        Ok(tokens.renewed_by(&fresh))
    }
}

/// Whether the provider said that this refresh token is worth nothing: the standard's code, or
/// GitHub's or Slack's. All else may be another time's answer, or the client's own fault.
fn is_refusal(error: &(dyn std::error::Error + 'static)) -> bool {
    let answers = causes(error).filter_map(|cause| cause.downcast_ref::<AnswerError>());
    answers
        .filter_map(AnswerError::code)
        .any(|code| matches!(code, "invalid_grant" | "bad_refresh_token" | "invalid_refresh_token"))
}

/// The claims of a token that was validated when it came, read once more.
pub(crate) fn stored_claims(token: &str) -> Option<JsonObject> {
    let payload = token.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}
