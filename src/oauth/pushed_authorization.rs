//! The pushed authorization request (RFC 9126): the parameters go to the provider directly, and the
//! browser carries a reference to them.

use serde_json::Value;

use super::advice::Asked;
use super::client_authentication::authenticated_form;
use super::{ProviderMetadata, PushedAuthorization, RelyingParty};
use crate::crypto::secret::ClientSecret;
use crate::error::OAuthError;
use crate::web::outbound::{AnswerError, ask, json_object};

impl RelyingParty {
    /// Whether the parameters are pushed.
    pub(super) fn is_pushed(&self, metadata: &ProviderMetadata) -> bool {
        self.definition.pushed_authorization == PushedAuthorization::Always
            || metadata.require_pushed_authorization_requests
    }

    /// Pushes the parameters: the `request_uri` that stands for them.
    pub(super) async fn push(
        &self,
        metadata: &ProviderMetadata,
        parameters: &[(String, String)],
    ) -> Result<String, OAuthError> {
        const ENDPOINT: &str = "pushed_authorization_request_endpoint";
        let endpoint = metadata.pushed_authorization_request_endpoint.as_ref();
        let endpoint = endpoint.ok_or(OAuthError::MissingEndpoint(ENDPOINT))?;
        let parameters: Vec<_> =
            parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let (client, now) = (&self.definition.client, self.clock.now());
        let request = authenticated_form(endpoint, &parameters, None, client, metadata, now)
            .map_err(OAuthError::PushedAuthorization)?;
        // All that names this sign-in or a client. The rest are words, as codes are.
        let is_secret = |name: &str| matches!(name, "state" | "nonce" | "code_challenge");
        let sent = parameters.iter().filter(|(name, _)| is_secret(name)).map(|(_, value)| *value);
        let sent: Vec<&str> = sent.chain(client.secret().map(ClientSecret::expose)).collect();
        // RFC 9126 section 2.2: 201; some providers say 200.
        let read = |answer: &_| {
            let answer = json_object(answer, &sent)?;
            let reference = answer.get("request_uri").and_then(Value::as_str);
            let reference = reference.filter(|reference| !reference.is_empty());
            reference.map(ToOwned::to_owned).ok_or(AnswerError::Lacks("request_uri"))
        };
        ask(&*self.http_client, request, &sent, read).await.map_err(|failed| {
            let redirect_uri = parameters.iter().find(|(name, _)| *name == "redirect_uri");
            let asked = Asked {
                definition: &self.definition,
                metadata: Some(metadata),
                redirect_uri: redirect_uri.map(|(_, value)| *value),
            };
            let advised = failed.advised(|answer| asked.advice(answer.code()?));
            OAuthError::PushedAuthorization(advised.into())
        })
    }
}
