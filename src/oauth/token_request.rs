//! The token request (RFC 6749 sections 4.1.3 and 6).

use jiff::Timestamp;
use serde_json::Value;

use super::client_authentication::{Declared, authenticated_form};
use super::{Exchange, ProviderMetadata, RelyingParty};
use crate::error::{BoxError, OAuthError};
use crate::model::JsonObject;
use crate::web::outbound::{AnswerError, error_code, json_object};

impl RelyingParty {
    /// Exchanges a code, which is never sent twice.
    pub(super) async fn request_tokens(
        &self,
        metadata: &ProviderMetadata,
        exchange: Exchange<'_>,
        now: Timestamp,
    ) -> Result<JsonObject, OAuthError> {
        let mut parameters = vec![
            ("grant_type", "authorization_code"),
            ("code", exchange.code),
            ("redirect_uri", exchange.redirect_uri),
        ];
        parameters.extend(exchange.code_verifier.map(|verifier| ("code_verifier", verifier)));
        self.token_request(metadata, &parameters, Some(exchange), now).await
    }

    /// Asks for fresh tokens.
    pub(super) async fn request_fresh_tokens(
        &self,
        metadata: &ProviderMetadata,
        refresh_token: &str,
        now: Timestamp,
    ) -> Result<JsonObject, OAuthError> {
        let parameters = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
        self.token_request(metadata, &parameters, None, now).await
    }

    /// The members of the answer that are the tokens.
    async fn token_request(
        &self,
        metadata: &ProviderMetadata,
        parameters: &[(&str, &str)],
        exchange: Option<Exchange<'_>>,
        now: Timestamp,
    ) -> Result<JsonObject, OAuthError> {
        let (url, endpoint) = (&metadata.token_endpoint, &self.definition.token_endpoint);
        let declared = Some(Declared { endpoint, exchange });
        let client = &self.definition.client;
        let send = async {
            let request =
                authenticated_form(url, parameters, declared.as_ref(), client, metadata, now)?;
            Ok::<_, BoxError>(json_object(&self.http_client.send(request).await?)?)
        };
        let answer = send.await.map_err(OAuthError::TokenRequest)?;
        let tokens = match &endpoint.select {
            None => answer,
            Some(pointer) => match Value::Object(answer).pointer_mut(pointer).map(Value::take) {
                Some(Value::Object(tokens)) => tokens,
                _ => {
                    let reason = "has no tokens where they were expected";
                    return Err(OAuthError::TokenResponse(reason));
                }
            },
        };
        // Some providers refuse with the status 200. What is refused and given is not taken.
        match tokens.get("error").and_then(Value::as_str).filter(|error| !error.is_empty()) {
            Some(error) => Err(OAuthError::TokenRequest(
                AnswerError::Status { status: 200, code: error_code(error) }.into(),
            )),
            None => Ok(tokens),
        }
    }
}
