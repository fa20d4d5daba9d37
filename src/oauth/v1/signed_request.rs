//! Signed requests (RFC 5849 section 3), each sent once.

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{Method, Request, Response};
use url::Url;

use super::{OAuth1RelyingParty, Token};
use crate::error::BoxError;
use crate::model::JsonObject;
use crate::web::Fields;
use crate::web::outbound::{form, json_object};

impl OAuth1RelyingParty {
    /// POSTs the protocol's parameters, and `further` among them, in the `Authorization` header.
    pub(super) async fn post(
        &self,
        url: &Url,
        token: Option<&Token>,
        further: (&str, &str),
    ) -> Result<Fields, BoxError> {
        let answer = self.send(Method::POST, url, token, &[further]).await?;
        Ok(form(&answer)?)
    }

    /// GETs a JSON object.
    pub(super) async fn get_json(&self, url: &Url, token: &Token) -> Result<JsonObject, BoxError> {
        let answer = self.send(Method::GET, url, Some(token), &[]).await?;
        let secret = self.definition.client.secret.expose();
        Ok(json_object(&answer, &[secret, &token.text, &token.secret])?)
    }

    async fn send(
        &self,
        method: Method,
        url: &Url,
        token: Option<&Token>,
        further: &[(&str, &str)],
    ) -> Result<Response<Bytes>, BoxError> {
        let signer = self.definition.signer(token.map(Token::pair));
        let authorization = signer.authorization(&method, url, further, self.clock.now())?;
        let mut request = Request::builder()
            .uri(url.as_str())
            .header(ACCEPT, "*/*")
            .header(AUTHORIZATION, authorization);
        if method == Method::POST {
            request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        self.http_client.send(request.method(method).body(Bytes::new())?).await
    }
}
