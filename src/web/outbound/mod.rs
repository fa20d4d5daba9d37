//! Outgoing HTTP: the port through which the server speaks to identity providers, and the client to
//! a site. Tests and applications can put something else behind it.

mod advice;
mod answer;
mod bounded_stream;
mod connector;
mod default_client;
mod failed_request;
mod proxies;
mod refusal;

use std::error::Error;
use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use http::header::ACCEPT;
use http::{HeaderValue, Request, Response};
use tracing::Instrument as _;
use url::Url;

use crate::error::BoxError;
use crate::model::JsonObject;
use crate::runtime::{metric, span};

pub(crate) use answer::{AnswerError, check_status, form, is_without_answer, json, json_object};
#[cfg(feature = "smtp")]
pub(crate) use bounded_stream::{BoundedStream, Bounds, Intake};
pub use default_client::DefaultHttpClient;
#[cfg(any(feature = "dynamic", feature = "oauth2"))]
pub(crate) use failed_request::address;
pub(crate) use failed_request::{FailedRequest, ask};
use refusal::{Refusal, without_sent};
pub(crate) use refusal::{error_code, quotes, sentence};

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
            let uri = request.uri().clone();
            let span = span::outbound(request.method(), &uri);
            let sent = metric::outbound(&uri, HttpClient::send(self, request));
            let answer = sent.instrument(span.clone()).await;
            span::came_back(&span, &answer);
            answer.map_err(|error| NoAnswer(error).into())
        })
    }
}

/// The client's error, known as one: there was no answer at all. It says what the client said.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(crate) struct NoAnswer(pub(crate) BoxError);

/// The error as the client gave it, which says of which kind it is. A transparent error is not a cause of
/// itself.
pub(crate) fn of_client<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    error.downcast_ref().map_or(error, |NoAnswer(said)| &**said)
}

/// GETs a JSON object.
pub(crate) async fn get_json(
    client: &dyn ErasedHttpClient,
    url: &Url,
) -> Result<JsonObject, FailedRequest> {
    let mut request = Request::new(Bytes::new());
    // Whatever the URL standard takes for a URL, http takes as well.
    *request.uri_mut() = url.as_str().parse().unwrap_or_default();
    request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
    ask(client, request, &[], |answer| json_object(answer, &[])).await
}
