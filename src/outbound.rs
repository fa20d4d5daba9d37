//! How does the server speak to identity providers, and the client to a site? Through one port, so
//! that tests and applications can put something else behind it.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use url::Url;

use crate::crypto::install_tls_provider;
use crate::error::BoxError;
use crate::message::Fields;
use crate::model::JsonObject;

/// An answer longer than this is refused before it is read to its end.
const MAXIMUM_BODY: usize = 1024 * 1024;
/// How long one request may take, connecting and reading the body included; v4's default.
const DEADLINE: Duration = Duration::from_millis(3500);

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
        Self::with_deadline(DEADLINE)
    }

    /// Makes a client that gives a whole call, connecting and reading the body included, that
    /// much time.
    ///
    /// # Errors
    ///
    /// The reason if TLS cannot be set up.
    pub fn with_deadline(deadline: Duration) -> Result<Self, BoxError> {
        install_tls_provider();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .timeout(deadline)
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

/// The form of an answer with the status 200 (RFC 5849 section 2.1).
pub(crate) fn form(response: &Response<Bytes>) -> Result<Fields, AnswerError> {
    if response.status() != http::StatusCode::OK {
        return Err(AnswerError::Status { status: response.status().as_u16(), code: None });
    }
    if response.body().is_empty() {
        return Err(AnswerError::Empty);
    }
    let text = std::str::from_utf8(response.body()).map_err(|_| AnswerError::NotForm)?;
    Ok(Fields::from_form(text.trim().as_bytes()))
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    /// A server that reads one request and then writes `answer` as often as it says, on every
    /// connection; the number of connections.
    async fn server(answer: &'static [u8], times: usize) -> (String, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let connections = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(async move {
                    let _ = stream.read(&mut [0; 4096]).await;
                    for _ in 0..times {
                        if stream.write_all(answer).await.is_err() {
                            return;
                        }
                    }
                    // The connection stays open until the client gives up.
                    let _ = stream.read(&mut [0; 1]).await;
                });
            }
        });
        (url, connections)
    }

    async fn post(url: &str, deadline: Duration) -> Result<Response<Bytes>, BoxError> {
        let client = DefaultHttpClient::with_deadline(deadline).unwrap();
        let request = Request::post(url).body(Bytes::from_static(b"code=x")).unwrap();
        HttpClient::send(&client, request).await
    }

    const LONG: Duration = Duration::from_secs(30);
    const SHORT: Duration = Duration::from_millis(200);

    #[tokio::test]
    async fn r025_redirects_are_answers_and_are_not_followed() {
        let (elsewhere, visits) = server(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", 1).await;
        let answer = format!(
            "HTTP/1.1 307 Temporary Redirect\r\nlocation: {elsewhere}\r\ncontent-length: 0\r\n\r\n"
        );
        let (url, _) = server(answer.leak().as_bytes(), 1).await;
        assert_eq!(post(&url, LONG).await.unwrap().status(), 307);
        assert_eq!(visits.load(Ordering::SeqCst), 0);
    }

    #[tokio::test]
    async fn r027_silence_at_any_point_ends_at_the_deadline() {
        for answer in
            [&b""[..], b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"]
        {
            let (url, _) = server(answer, 1).await;
            assert!(post(&url, SHORT).await.is_err(), "{answer:?}");
        }
    }

    #[tokio::test]
    async fn r028_a_long_answer_is_not_read_to_its_end() {
        let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        let chunk: &'static [u8] = {
            let mut chunk = b"10000\r\n".to_vec();
            chunk.extend([b'x'; 0x10000]);
            chunk.extend(b"\r\n");
            chunk.leak()
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let sent = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 4096]).await;
            stream.write_all(head).await.unwrap();
            let mut sent = 0;
            // Ten gigabytes, if nobody stops it.
            while sent < 160_000 && stream.write_all(chunk).await.is_ok() {
                sent += 1;
            }
            sent
        });
        let error = post(&url, LONG).await.unwrap_err();
        assert!(error.to_string().contains("1 MiB"));
        assert!(sent.await.unwrap() < 1_000);
    }

    #[tokio::test]
    async fn r035_a_broken_connection_is_not_tried_again() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let accepted = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&accepted);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                let _ = stream.read(&mut [0; 4096]).await;
                drop(stream);
            }
        });
        assert!(post(&url, LONG).await.is_err());
        assert_eq!(accepted.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn r162_answers_are_described_and_never_quoted() {
        let answer = |status: u16, body: &'static str| {
            let mut response = Response::new(Bytes::from_static(body.as_bytes()));
            *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
            json_object(&response).unwrap_err().to_string()
        };
        let empty = "expected 200 OK with body but no body was returned";
        assert_eq!(answer(200, ""), empty);
        assert_eq!(answer(200, "<html>secret</html>"), "the answer is not a JSON object");
        assert_eq!(answer(200, "[1]"), "the answer is not a JSON object");
        assert_eq!(
            answer(400, r#"{"error":"invalid_grant","error_description":"secret"}"#),
            "the provider answered 400 with the error `invalid_grant`"
        );
        assert_eq!(answer(500, "{\"error\":\"a\\nb\"}"), "the provider answered 500");
        assert_eq!(answer(200, "[".repeat(10_000).leak()), "the answer is not a JSON object");
    }
}
