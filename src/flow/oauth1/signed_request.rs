//! A signed request, sent once (RFC 5849 section 3).

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{Method, Request, Response};
use url::Url;

use super::super::Context;
use super::token::Token;
use crate::error::BoxError;
use crate::model::JsonObject;
use crate::oauth::v1::OAuth1Definition;
use crate::web::Fields;
use crate::web::outbound::{form, json_object};

/// POSTs the protocol's parameters, and `further` among them, in the `Authorization` header.
pub(super) async fn post(
    context: &Context<'_>,
    definition: &OAuth1Definition,
    url: &Url,
    token: Option<&Token>,
    further: (&str, &str),
) -> Result<Fields, BoxError> {
    let answer = send(context, definition, Method::POST, url, token, &[further]).await?;
    Ok(form(&answer)?)
}

/// GETs a JSON object.
pub(super) async fn get_json(
    context: &Context<'_>,
    definition: &OAuth1Definition,
    url: &Url,
    token: &Token,
) -> Result<JsonObject, BoxError> {
    let answer = send(context, definition, Method::GET, url, Some(token), &[]).await?;
    Ok(json_object(&answer)?)
}

async fn send(
    context: &Context<'_>,
    definition: &OAuth1Definition,
    method: Method,
    url: &Url,
    token: Option<&Token>,
    further: &[(&str, &str)],
) -> Result<Response<Bytes>, BoxError> {
    let signer = definition.signer(token.map(Token::pair));
    let authorization = signer.authorization(&method, url, further, context.now)?;
    let mut request = Request::builder()
        .uri(url.as_str())
        .header(ACCEPT, "*/*")
        .header(AUTHORIZATION, authorization);
    if method == Method::POST {
        request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    context.config.http_client.send(request.method(method).body(Bytes::new())?).await
}
