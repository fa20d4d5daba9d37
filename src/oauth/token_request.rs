//! The token request (RFC 6749 sections 4.1.3 and 6).

use jiff::Timestamp;
use serde_json::Value;

use super::advice::Asked;
use super::client_authentication::{Declared, authenticated_form};
use super::{About, Exchange, ProviderMetadata, RelyingParty};
use crate::crypto::secret::ClientSecret;
use crate::error::{OAuthError, Quoted};
use crate::model::{JsonObject, TokenSet};
use crate::web::outbound::{AnswerError, ask, json_object};

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
        let secret = client.secret().map(ClientSecret::expose);
        let is_secret = |name: &str| matches!(name, "code" | "code_verifier" | "refresh_token");
        let sent = parameters.iter().filter(|(name, _)| is_secret(name)).map(|(_, value)| *value);
        let sent: Vec<&str> = sent.chain(secret).collect();
        let passed_on = exchange.and_then(|exchange| exchange.unfit_callback_parameter(endpoint));
        if let Some(name) = passed_on {
            let reason = format!(
                "the callback parameter {} holds a control character, and is not passed on",
                Quoted(name)
            );
            return Err(OAuthError::TokenRequest(reason.into()));
        }
        let request = authenticated_form(url, parameters, declared.as_ref(), client, metadata, now)
            .map_err(OAuthError::TokenRequest)?;
        // Some providers refuse with the status 200. What is refused and given is not taken.
        let good = |answer: JsonObject| match AnswerError::inside(&answer, &sent) {
            Some(error) => Err(error),
            None => Ok(answer),
        };
        let read = |answer: &_| {
            let answer = good(json_object(answer, &sent)?)?;
            let Some(pointer) = &endpoint.select else { return Ok(Some(answer)) };
            match Value::Object(answer).pointer_mut(pointer).map(Value::take) {
                Some(Value::Object(tokens)) => good(tokens).map(Some),
                _ => Ok(None),
            }
        };
        let tokens = ask(&*self.http_client, request, &sent, read).await.map_err(|failed| {
            let redirect_uri = exchange.map(|exchange| exchange.redirect_uri);
            let asked =
                Asked { definition: &self.definition, metadata: Some(metadata), redirect_uri };
            OAuthError::TokenRequest(failed.advised(|answer| asked.advice(answer.code()?)).into())
        })?;
        tokens.ok_or(OAuthError::TokenResponse("has no tokens where they were expected"))
    }

    /// The tokens of an answer. What it says otherwise than it should, and can be done without, is
    /// left out.
    pub(super) fn tokens(&self, answer: &JsonObject, now: Timestamp) -> TokenSet {
        let mut tokens = TokenSet::from_response(answer, now.as_second());
        let remarks = &self.server.remarks;
        let has_end = answer.get("expires_in").is_some_and(|value| !value.is_null());
        if has_end && tokens.expires_at().is_none() {
            let text = "the token response's member `expires_in` is left out: it is no number of \
                        seconds";
            remarks.add(About::TokenResponse, text);
        }
        // Nobody has verified it, and what is stored as an ID token has been.
        let is_none = |token: &Value| token.is_null() || token.as_str() == Some("");
        let has_id_token = answer.get("id_token").is_some_and(|token| !is_none(token));
        if has_id_token && !self.definition.endpoints.is_openid_connect() {
            tokens.remove("id_token");
            let text = "the token response's member `id_token` is left out: the provider is \
                        described as plain OAuth 2.0, and says who somebody is by its userinfo \
                        answer; to use the ID token, give the provider an `issuer`";
            remarks.add_once(About::TokenResponse, text);
        }
        tokens
    }
}
