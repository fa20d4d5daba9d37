//! What does the provider say about the person? The ID token's claims, or the userinfo endpoint.

use bytes::Bytes;
use http::Request;
use http::header::{ACCEPT, AUTHORIZATION};
use serde_json::Value;

use crate::error::{BoxError, OAuthError};
use crate::model::{JsonObject, TokenSet};
use crate::outbound::{ErasedHttpClient, json_object};
use crate::provider::{OAuthDefinition, ProviderMetadata, UserInfoRequest};

pub(super) async fn user_info(
    client: &dyn ErasedHttpClient,
    definition: &OAuthDefinition,
    metadata: &ProviderMetadata,
    tokens: &TokenSet,
    id_token: Option<JsonObject>,
) -> Result<Value, OAuthError> {
    let raw = match id_token {
        Some(claims) if !definition.fetch_user_info => claims,
        Some(claims) => {
            let answer = fetch(client, metadata, tokens).await?;
            // OpenID Connect Core section 5.3.2: otherwise nothing of the answer may be used.
            let subject = claims.get("sub").filter(|subject| subject.is_string());
            if subject.is_none() || answer.get("sub") != subject {
                return Err(OAuthError::UserInfoSubject("is about another subject"));
            }
            let mut merged = claims;
            for (name, value) in answer {
                merged.entry(name).or_insert(value);
            }
            merged
        }
        None => fetch(client, metadata, tokens).await?,
    };
    let raw = Value::Object(raw);
    match &definition.user_info_hook {
        Some(hook) => hook
            .complete(UserInfoRequest { raw, tokens, client })
            .await
            .map_err(OAuthError::UserInfo),
        None => Ok(raw),
    }
}

async fn fetch(
    client: &dyn ErasedHttpClient,
    metadata: &ProviderMetadata,
    tokens: &TokenSet,
) -> Result<JsonObject, OAuthError> {
    let endpoint = metadata.user_info_endpoint.as_ref();
    let endpoint = endpoint.ok_or(OAuthError::MissingEndpoint("userinfo_endpoint"))?;
    // RFC 6749 section 7.1: a type that is not understood must not be used.
    let token_type = tokens.token_type().unwrap_or("Bearer");
    if !token_type.eq_ignore_ascii_case("bearer") {
        return Err(OAuthError::TokenResponse("has a token type other than bearer"));
    }
    let token = tokens.access_token().unwrap_or_default();
    let send = async {
        let request = Request::get(endpoint.as_str())
            .header(AUTHORIZATION, format!("{token_type} {token}"))
            .header(ACCEPT, "application/json")
            .body(Bytes::new())?;
        Ok::<_, BoxError>(json_object(&client.send(request).await?)?)
    };
    send.await.map_err(OAuthError::UserInfo)
}
