//! How does the server speak to identity providers? Through one port, so that tests and
//! applications can put something else behind it.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use url::Url;

use crate::error::BoxError;
use crate::model::JsonObject;

/// An answer longer than this is refused before it is read to its end.
const MAXIMUM_BODY: usize = 1024 * 1024;
/// How long one request may take, connecting and reading the body included; v4's default.
const DEADLINE: Duration = Duration::from_millis(3500);

/// An HTTP client for the calls from this server to an identity provider.
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
        Box::pin(HttpClient::send(self, request))
    }
}

/// The default client: `reqwest` with rustls, no redirects, 3.5 s for a whole call, 1 MiB for a
/// body, no compression.
#[derive(Clone)]
pub struct DefaultHttpClient(reqwest::Client);

impl DefaultHttpClient {
    /// Makes a client with the platform's certificate authorities.
    ///
    /// # Errors
    ///
    /// The reason if TLS cannot be set up.
    pub fn new() -> Result<Self, BoxError> {
        // An application that installed its own provider keeps it.
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .timeout(DEADLINE)
            .user_agent(concat!("typegate/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self(client))
    }
}

impl fmt::Debug for DefaultHttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DefaultHttpClient")
    }
}

impl HttpClient for DefaultHttpClient {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, BoxError> {
        let request = reqwest::Request::try_from(request)?;
        // The URL may hold a code or a secret, so it stays out of the error.
        let mut answer = self.0.execute(request).await.map_err(reqwest::Error::without_url)?;
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(reqwest::Error::without_url)? {
            if body.len() + chunk.len() > MAXIMUM_BODY {
                return Err("the answer is longer than 1 MiB".into());
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = Response::new(body.freeze());
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }
}

/// An answer that is of no use. Its body is never quoted: it may hold tokens.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AnswerError {
    #[error("expected 200 OK with body but no body was returned")]
    Empty,
    #[error("the provider answered {status}{}", detail(.code))]
    Status { status: u16, code: Option<String> },
    #[error("the answer is not a JSON object")]
    NotJson,
}

fn detail(code: &Option<String>) -> String {
    code.as_deref().map(|code| format!(" with the error `{code}`")).unwrap_or_default()
}

/// The JSON object of an answer with the status 200.
pub(crate) fn json_object(response: &Response<Bytes>) -> Result<JsonObject, AnswerError> {
    let body = response.body();
    if response.status() != http::StatusCode::OK {
        let object = serde_json::from_slice::<JsonObject>(body).ok();
        let code = object.and_then(|object| error_code(object.get("error")?.as_str()?));
        return Err(AnswerError::Status { status: response.status().as_u16(), code });
    }
    if body.is_empty() {
        return Err(AnswerError::Empty);
    }
    serde_json::from_slice(body).map_err(|_| AnswerError::NotJson)
}

/// Error codes are short and made of printable ASCII (RFC 6749 section 5.2); anything else is
/// not repeated.
pub(crate) fn error_code(text: &str) -> Option<String> {
    let is_code =
        text.len() <= 64 && text.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e));
    (is_code && !text.is_empty()).then(|| text.to_owned())
}

/// GETs a JSON object.
pub(crate) async fn get_json(
    client: &dyn ErasedHttpClient,
    url: &Url,
) -> Result<JsonObject, BoxError> {
    let request = Request::get(url.as_str())
        .header(http::header::ACCEPT, "application/json")
        .body(Bytes::new())?;
    Ok(json_object(&client.send(request).await?)?)
}
