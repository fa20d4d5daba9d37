//! The code is exchanged for tokens (RFC 6749 section 4.1.3), once: a code is never sent twice.

use jiff::Timestamp;
use serde_json::Value;

use super::client_authentication::{Declared, authenticated_form};
use crate::error::{BoxError, OAuthError};
use crate::model::JsonObject;
use crate::oauth::{Exchange, OAuthDefinition, ProviderMetadata};
use crate::web::outbound::{AnswerError, ErasedHttpClient, error_code, json_object};

pub(crate) async fn request_tokens(
    client: &dyn ErasedHttpClient,
    definition: &OAuthDefinition,
    metadata: &ProviderMetadata,
    exchange: Exchange<'_>,
    now: Timestamp,
) -> Result<JsonObject, OAuthError> {
    let mut parameters = vec![
        ("grant_type", "authorization_code"),
        ("code", exchange.code),
        ("redirect_uri", exchange.redirect_uri),
    ];
    parameters.extend(exchange.code_verifier.map(|code_verifier| ("code_verifier", code_verifier)));
    let request = TokenRequest { parameters: &parameters, exchange: Some(exchange) };
    request.send(client, definition, metadata, now).await
}

/// What the token endpoint is asked: for tokens in exchange for a code, or for fresh ones.
pub(crate) struct TokenRequest<'a> {
    pub(crate) parameters: &'a [(&'a str, &'a str)],
    pub(crate) exchange: Option<Exchange<'a>>,
}

impl TokenRequest<'_> {
    /// The members of the answer that are the tokens.
    pub(crate) async fn send(
        &self,
        client: &dyn ErasedHttpClient,
        definition: &OAuthDefinition,
        metadata: &ProviderMetadata,
        now: Timestamp,
    ) -> Result<JsonObject, OAuthError> {
        let (url, endpoint) = (&metadata.token_endpoint, &definition.token_endpoint);
        let declared = Declared { endpoint, exchange: self.exchange };
        let parameters = self.parameters;
        let send = async {
            let request = authenticated_form(
                url,
                parameters,
                Some(&declared),
                &definition.client,
                metadata,
                now,
            )?;
            Ok::<_, BoxError>(json_object(&client.send(request).await?)?)
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
