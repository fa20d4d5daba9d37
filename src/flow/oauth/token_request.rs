//! The code is exchanged for tokens (RFC 6749 section 4.1.3), once: a code is never sent twice.

use jiff::Timestamp;

use super::client_authentication::authenticated_form;
use crate::error::{BoxError, OAuthError};
use crate::model::JsonObject;
use crate::outbound::{ErasedHttpClient, json_object};
use crate::provider::{OAuthDefinition, ProviderMetadata};

pub(super) struct TokenRequest<'a> {
    pub(super) code: &'a str,
    pub(super) redirect_uri: &'a str,
    pub(super) code_verifier: Option<&'a str>,
}

pub(super) async fn request_tokens(
    client: &dyn ErasedHttpClient,
    definition: &OAuthDefinition,
    metadata: &ProviderMetadata,
    request: TokenRequest<'_>,
    now: Timestamp,
) -> Result<JsonObject, OAuthError> {
    let mut parameters = vec![
        ("grant_type", "authorization_code"),
        ("code", request.code),
        ("redirect_uri", request.redirect_uri),
    ];
    parameters.extend(request.code_verifier.map(|code_verifier| ("code_verifier", code_verifier)));
    let send = async {
        let endpoint = &metadata.token_endpoint;
        let request = authenticated_form(endpoint, &parameters, &definition.client, metadata, now)?;
        Ok::<_, BoxError>(json_object(&client.send(request).await?)?)
    };
    send.await.map_err(OAuthError::TokenRequest)
}
