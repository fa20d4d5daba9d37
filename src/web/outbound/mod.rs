//! Outgoing HTTP: the port through which the server speaks to identity providers, and the client to
//! a site. Tests and applications can put something else behind it.

mod bounded_stream;
mod connector;
mod default_client;
mod proxies;
mod refusal;

use std::error::Error;
use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use http::{Request, Response};
use serde_json::Value;
use url::Url;

use crate::error::BoxError;
use crate::json::unambiguous::{self, Unreadable};
use crate::model::JsonObject;
use crate::web::Fields;

#[cfg(feature = "smtp")]
pub(crate) use bounded_stream::{BoundedStream, Bounds, Intake};
pub use default_client::DefaultHttpClient;
pub(crate) use refusal::{Refusal, error_code};

/// An HTTP client for the calls from this server to an identity provider, and for those of
/// `client::Client` to a site.
///
/// An implementation must not follow redirects, must not repeat a request, and must bound time
/// and size of an answer: what it talks to may be hostile.
pub trait HttpClient: Send + Sync + 'static {
    /// Sends a request and returns the answer, of whatever status.
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> impl Future<Output = Result<Response<Bytes>, BoxError>> + Send;
}

pub(crate) type ClientAnswer<'a> =
    Pin<Box<dyn Future<Output = Result<Response<Bytes>, BoxError>> + Send + 'a>>;

/// [`HttpClient`] as an object.
pub(crate) trait ErasedHttpClient: Send + Sync {
    fn send(&self, request: Request<Bytes>) -> ClientAnswer<'_>;
}

impl<C: HttpClient> ErasedHttpClient for C {
    fn send(&self, request: Request<Bytes>) -> ClientAnswer<'_> {
        Box::pin(async move {
            HttpClient::send(self, request).await.map_err(|error| NoAnswer(error).into())
        })
    }
}

/// The client's error, known as one: there was no answer at all. It says what the client said.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(crate) struct NoAnswer(pub(crate) BoxError);

/// Whether something failed because there was no answer, a status of 500 or more being none, and not
/// because of what was said.
pub(crate) fn is_without_answer(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        let is_failure = |error: &AnswerError| matches!(error, AnswerError::Status { status, .. } if *status >= 500);
        if error.is::<NoAnswer>() || error.downcast_ref().is_some_and(is_failure) {
            return true;
        }
        cause = error.source();
    }
    false
}

/// A response that is of no use. Its body is never quoted, because it may contain tokens.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AnswerError {
    #[error("expected 200 OK with body but no body was returned")]
    Empty,
    #[error("the provider answered {status}{}", detail(.code, .text))]
    Status { status: u16, code: Option<String>, text: Option<String> },
    #[error("the answer is not a JSON object")]
    NotJson,
    #[error("the answer is a JSON list and not an object")]
    List,
    #[error("the answer says a member twice, and which of them counts is anybody's guess")]
    Repeated,
    #[error("the answer is not a form in UTF-8")]
    NotForm,
}

impl AnswerError {
    /// The provider's own code (RFC 6749 section 5.2).
    pub(crate) fn code(&self) -> Option<&str> {
        match self {
            Self::Status { code, .. } => code.as_deref(),
            _ => None,
        }
    }

    /// An error that stands in a good answer, if one does. What of it is repeated has nothing of
    /// `sent`.
    pub(crate) fn inside(answer: &JsonObject, sent: &[&str]) -> Option<Self> {
        let refusal = Refusal::of(answer)?;
        let (code, text) = (refusal.code(sent), refusal.sentence(sent));
        let unnamed = || code.is_none().then(|| "it does not say which".to_owned());
        let text = text.or_else(unnamed);
        Some(Self::Status { status: 200, code, text })
    }
}

fn detail(code: &Option<String>, text: &Option<String>) -> String {
    match (code, text) {
        (Some(code), Some(text)) => format!(" with the error `{code}`: {text}"),
        (Some(code), None) => format!(" with the error `{code}`"),
        (None, Some(text)) => format!(" with an error: {text}"),
        (None, None) => String::new(),
    }
}

/// The JSON of a good answer (2xx): an object or a list. Bytes that are no UTF-8 cost a letter each,
/// whatever the media type says of them, as in Node.js. Of another answer only the code is repeated, if it
/// has nothing of `sent`.
pub(crate) fn json(response: &Response<Bytes>, sent: &[&str]) -> Result<Value, AnswerError> {
    let body = response.body();
    if !response.status().is_success() {
        let object = serde_json::from_slice::<JsonObject>(body).ok();
        let refusal = object.and_then(|object| Refusal::of(&object));
        let code = refusal.and_then(|refusal| refusal.code(sent));
        let status = response.status().as_u16();
        return Err(AnswerError::Status { status, code, text: None });
    }
    if body.is_empty() {
        return Err(AnswerError::Empty);
    }
    Ok(unambiguous::document(body)?)
}

/// The JSON object of a good answer (2xx).
pub(crate) fn json_object(
    response: &Response<Bytes>,
    sent: &[&str],
) -> Result<JsonObject, AnswerError> {
    match json(response, sent)? {
        Value::Object(members) => Ok(members),
        _ => Err(AnswerError::List),
    }
}

impl From<Unreadable> for AnswerError {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::NotJson => Self::NotJson,
            Unreadable::List => Self::List,
            Unreadable::Repeated => Self::Repeated,
        }
    }
}

/// The form of a good answer (RFC 5849 section 2.1).
pub(crate) fn form(response: &Response<Bytes>) -> Result<Fields, AnswerError> {
    if !response.status().is_success() {
        let status = response.status().as_u16();
        return Err(AnswerError::Status { status, code: None, text: None });
    }
    if response.body().is_empty() {
        return Err(AnswerError::Empty);
    }
    let text = std::str::from_utf8(response.body()).map_err(|_| AnswerError::NotForm)?;
    Ok(Fields::from_form(text.trim().as_bytes()))
}

/// GETs a JSON object.
pub(crate) async fn get_json(
    client: &dyn ErasedHttpClient,
    url: &Url,
) -> Result<JsonObject, BoxError> {
    let request = Request::get(url.as_str())
        .header(http::header::ACCEPT, "application/json")
        .body(Bytes::new())?;
    Ok(json_object(&client.send(request).await?, &[])?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r162_answers_are_described_and_never_quoted() {
        let answer = |status: u16, body: &'static str| {
            let mut response = Response::new(Bytes::from_static(body.as_bytes()));
            *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
            json_object(&response, &["s3cr3t"]).unwrap_err().to_string()
        };
        let empty = "expected 200 OK with body but no body was returned";
        assert_eq!(answer(200, ""), empty);
        assert_eq!(answer(200, "<html>secret</html>"), "the answer is not a JSON object");
        assert_eq!(answer(200, "[1]"), "the answer is a JSON list and not an object");
        assert_eq!(answer(204, ""), empty);
        assert_eq!(answer(304, "{}"), "the provider answered 304");
        assert_eq!(
            answer(400, r#"{"error":"invalid_grant","error_description":"secret"}"#),
            "the provider answered 400 with the error `invalid_grant`"
        );
        assert_eq!(
            answer(400, r#"{"error":{"code":190,"message":"secret"}}"#),
            "the provider answered 400 with the error `190`"
        );
        assert_eq!(answer(500, "{\"error\":\"a\\nb\"}"), "the provider answered 500");
        for code in ["no:s3cr3t", "bad%20code", "gho_16C7e42F292c6912E7710c838347Ae178B4a"] {
            let body = format!("{{\"error\":\"{code}\"}}").leak();
            let expected = "the provider answered 500 with the error `an unreadable code`";
            assert_eq!(answer(500, body), expected);
        }
        assert_eq!(answer(200, "[".repeat(10_000).leak()), "the answer is not a JSON object");
    }
}
