//! The parameters go to the provider first, and the browser carries a reference only (RFC 9126).

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::Value;

use super::super::Context;
use crate::error::{BoxError, OAuthError};
use crate::oauth::client_authentication::authenticated_form;
use crate::oauth::{OAuthDefinition, ProviderMetadata, PushedAuthorization};
use crate::web::outbound::json_object;

/// Whether the parameters are pushed.
pub(super) fn is_pushed(definition: &OAuthDefinition, metadata: &ProviderMetadata) -> bool {
    definition.pushed_authorization == PushedAuthorization::Always
        || metadata.require_pushed_authorization_requests
}

/// Pushes the parameters: the `request_uri` that stands for them.
pub(super) async fn push(
    context: &Context<'_>,
    definition: &OAuthDefinition,
    metadata: &ProviderMetadata,
    parameters: &[(String, String)],
) -> Result<String, OAuthError> {
    const ENDPOINT: &str = "pushed_authorization_request_endpoint";
    let endpoint = metadata.pushed_authorization_request_endpoint.as_ref();
    let endpoint = endpoint.ok_or(OAuthError::MissingEndpoint(ENDPOINT))?;
    let parameters: Vec<_> =
        parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let send = async {
        let client = &definition.client;
        let request =
            authenticated_form(endpoint, &parameters, None, client, metadata, context.now)?;
        let answer = accepted(context.config.http_client.send(request).await?);
        let reference =
            json_object(&answer)?.get("request_uri").and_then(Value::as_str).map(Into::into);
        let reference = reference.filter(|reference: &String| !reference.is_empty());
        reference.ok_or_else(|| BoxError::from("the answer has no `request_uri`"))
    };
    send.await.map_err(OAuthError::PushedAuthorization)
}

/// The answer is 201 (RFC 9126 section 2.2); some providers say 200.
fn accepted(mut answer: Response<Bytes>) -> Response<Bytes> {
    if answer.status() == StatusCode::CREATED {
        *answer.status_mut() = StatusCode::OK;
    }
    answer
}
