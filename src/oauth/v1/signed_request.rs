//! Signed requests (RFC 5849 section 3), each sent once.

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{Method, Request, Response};
use url::Url;

use super::{OAuth1RelyingParty, Token};
use crate::error::BoxError;
use crate::model::JsonObject;
use crate::web::Fields;
use crate::web::outbound::{AnswerError, ask, form, json_object};

/// What a provider of OAuth 1.0a refuses by 401 and 403.
const REFUSED: &str = "compare key and secret with the provider's, register the callback address \
                       there, and see that the clock of this machine is right";

impl OAuth1RelyingParty {
    /// POSTs the protocol's parameters, and `further` among them, in the `Authorization` header.
    pub(super) async fn post(
        &self,
        url: &Url,
        token: Option<&Token>,
        further: (&str, &str),
    ) -> Result<Fields, BoxError> {
        self.send(Method::POST, url, token, &[further], form).await
    }

    /// GETs a JSON object.
    pub(super) async fn get_json(&self, url: &Url, token: &Token) -> Result<JsonObject, BoxError> {
        self.send(Method::GET, url, Some(token), &[], json_object).await
    }

    async fn send<T>(
        &self,
        method: Method,
        url: &Url,
        token: Option<&Token>,
        further: &[(&str, &str)],
        read: fn(&Response<Bytes>, &[&str]) -> Result<T, AnswerError>,
    ) -> Result<T, BoxError> {
        let signer = self.definition.signer(token.map(Token::pair));
        let authorization = signer.authorization(&method, url, further, self.clock.now())?;
        let mut request = Request::builder()
            .uri(url.as_str())
            .header(ACCEPT, "*/*")
            .header(AUTHORIZATION, authorization);
        if method == Method::POST {
            request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let request = request.method(method).body(Bytes::new())?;
        let tokens = token.map(|token| [&*token.text, &*token.secret]).into_iter().flatten();
        let verifier = further.iter().filter(|(name, _)| *name == "oauth_verifier");
        let sent = tokens.chain(verifier.map(|(_, verifier)| *verifier));
        let sent: Vec<&str> = sent.chain([self.definition.client.secret.expose()]).collect();
        let answer = ask(&*self.http_client, request, &sent, |answer| read(answer, &sent)).await;
        let is_refused =
            |answer: &AnswerError| matches!(answer, AnswerError::Status { status: 401 | 403, .. });
        Ok(answer.map_err(|failed| {
            failed.advised(|answer| is_refused(answer).then(|| REFUSED.to_owned()))
        })?)
    }
}
