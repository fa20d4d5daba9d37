//! The code is exchanged for tokens (RFC 6749 section 4.1.3), once: a code is never sent twice.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Request;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use serde_json::Value;

use crate::error::{BoxError, OAuthError};
use crate::message::percent_encode;
use crate::model::JsonObject;
use crate::outbound::{ErasedHttpClient, json_object};
use crate::provider::{
    Client, ClientAuthentication, Exchange, OAuthDefinition, Placeholders, ProviderMetadata,
};

pub(super) async fn request_tokens(
    client: &dyn ErasedHttpClient,
    definition: &OAuthDefinition,
    metadata: &ProviderMetadata,
    request: Exchange<'_>,
) -> Result<JsonObject, OAuthError> {
    let request = build(definition, metadata, &request).map_err(OAuthError::TokenRequest)?;
    let answer = client.send(request).await.map_err(OAuthError::TokenRequest)?;
    let answer = json_object(&answer).map_err(|error| OAuthError::TokenRequest(error.into()))?;
    let Some(pointer) = &definition.token_endpoint.select else { return Ok(answer) };
    match Value::Object(answer).pointer_mut(pointer).map(Value::take) {
        Some(Value::Object(tokens)) => Ok(tokens),
        _ => Err(OAuthError::TokenResponse("has no tokens where they were expected")),
    }
}

fn build(
    definition: &OAuthDefinition,
    metadata: &ProviderMetadata,
    request: &Exchange<'_>,
) -> Result<Request<Bytes>, BoxError> {
    let (client, endpoint) = (&definition.client, &definition.token_endpoint);
    let placeholders = Placeholders { client, exchange: Some(*request), tokens: None };
    let mut url = metadata.token_endpoint.clone();
    for (name, value) in placeholders.fill_all(&endpoint.query) {
        url.query_pairs_mut().append_pair(name, &value);
    }
    let mut builder = Request::post(url.as_str())
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    for (name, value) in placeholders.fill_all(&endpoint.headers) {
        builder = builder.header(name, value);
    }
    let mut form = form_urlencoded::Serializer::new(String::new());
    if !endpoint.only_declared_form {
        form.append_pair("grant_type", "authorization_code");
        form.append_pair("code", request.code);
        form.append_pair("redirect_uri", request.redirect_uri);
        if let Some(code_verifier) = request.code_verifier {
            form.append_pair("code_verifier", code_verifier);
        }
        match method(client, metadata) {
            Method::Basic(secret) => {
                let pair = format!("{}:{}", form_encode(&client.id), form_encode(secret));
                builder = builder.header(AUTHORIZATION, format!("Basic {}", STANDARD.encode(pair)));
            }
            Method::Post(secret) => {
                form.append_pair("client_id", &client.id);
                form.append_pair("client_secret", secret);
            }
            Method::None => {
                form.append_pair("client_id", &client.id);
            }
        }
    }
    form.extend_pairs(placeholders.fill_all(&endpoint.form));
    Ok(builder.body(form.finish().into())?)
}

enum Method<'a> {
    Basic(&'a str),
    Post(&'a str),
    None,
}

fn method<'a>(client: &'a Client, metadata: &ProviderMetadata) -> Method<'a> {
    let Some(secret) = client.secret.as_ref().map(crate::secret::ClientSecret::expose) else {
        return Method::None;
    };
    match client.authentication {
        ClientAuthentication::Basic => Method::Basic(secret),
        ClientAuthentication::Post => Method::Post(secret),
        ClientAuthentication::None => Method::None,
        ClientAuthentication::Automatic => {
            let announced = metadata.token_endpoint_auth_methods.as_deref().unwrap_or_default();
            let has = |name: &str| announced.iter().any(|method| method == name);
            if !has("client_secret_basic") && has("client_secret_post") {
                Method::Post(secret)
            } else {
                Method::Basic(secret)
            }
        }
    }
}

/// RFC 6749 section 2.3.1: both parts are form-encoded before they are joined.
fn form_encode(text: &str) -> String {
    percent_encode(text).replace("%20", "+")
}
