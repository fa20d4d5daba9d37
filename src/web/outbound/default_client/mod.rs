//! The default HTTP client, for applications that bring none.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::{Bytes, BytesMut};
use http::header::{ACCEPT, AUTHORIZATION, HeaderValue, PROXY_AUTHORIZATION, USER_AGENT};
use http::{Request, Response, Uri};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::capture_connection;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use percent_encoding::percent_decode_str;
use rustls::ClientConfig;
use rustls_platform_verifier::Verifier;

use super::HttpClient;
use super::advice::TooLate;
use super::bounded_stream::Intake;
use super::connector::Connector;
use super::proxies::Proxies;
use crate::crypto::{tls_client, tls_provider};
use crate::error::BoxError;

/// The maximum length of a body; a longer one is refused before it is read to its end.
const MAXIMUM_BODY: usize = 1024 * 1024;
/// The maximum number of chunks of a body, since each costs more than its bytes.
const MAXIMUM_CHUNKS: usize = 20_000;
/// The maximum length of a response's head.
const MAXIMUM_HEAD: usize = 64 * 1024;
/// How long one request may take, connecting and reading the body included; v4's default.
const DEADLINE: Duration = Duration::from_millis(3500);
/// How long a connection waits for a next request.
const IDLE_FOR: Duration = Duration::from_secs(90);
/// How many connections to one host wait for a next request.
const MAXIMUM_IDLE: usize = 64;

/// The default client: `hyper` with rustls, no redirects, 3.5 s for a whole call, 64 KiB for a
/// head and 1 MiB for a body, no compression.
///
/// It goes through the proxies that `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` name
/// when it is made: `http://user:password@host:port`, or `https` to speak TLS to the proxy as well.
/// `NO_PROXY` lists domains, addresses and networks, without ports. Requests to loopback hosts
/// never use a proxy.
///
/// However a server answers, and however fast or slowly, others are served meanwhile.
#[derive(Clone)]
pub struct DefaultHttpClient {
    client: Client<Connector, Full<Bytes>>,
    connector: Connector,
    deadline: Duration,
}

impl DefaultHttpClient {
    /// Makes a client with the platform's certificate authorities.
    ///
    /// # Errors
    ///
    /// The reason if TLS cannot be set up, or if a variable names no proxy.
    pub fn new() -> Result<Self, BoxError> {
        Self::with_deadline(DEADLINE)
    }

    /// Makes a client with another deadline for a whole call, connecting and reading the body
    /// included.
    ///
    /// # Errors
    ///
    /// The reason if TLS cannot be set up, or if a variable names no proxy.
    pub fn with_deadline(deadline: Duration) -> Result<Self, BoxError> {
        let tls = tls_client(Verifier::new(tls_provider())?)?;
        Ok(Self::with_tls(tls, deadline, Proxies::of_environment()?))
    }

    fn with_tls(tls: ClientConfig, deadline: Duration, proxies: Proxies) -> Self {
        let connector = Connector::new(tls, deadline, proxies);
        let client = Client::builder(TokioExecutor::new())
            .http1_max_buf_size(MAXIMUM_HEAD)
            .pool_idle_timeout(IDLE_FOR)
            .pool_max_idle_per_host(MAXIMUM_IDLE)
            .pool_timer(TokioTimer::new())
            .build(connector.clone());
        Self { client, connector, deadline }
    }

    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, BoxError> {
        let mut request = request.map(Full::new);
        self.complete(&mut request)?;
        let connection = capture_connection(&mut request);
        let (mut head, mut answer) = self.client.request(request).await?.into_parts();
        let mut body = BytesMut::new();
        let mut chunks = 0;
        while let Some(frame) = answer.frame().await {
            chunks += 1;
            if chunks > MAXIMUM_CHUNKS {
                return Err(format!("the answer has more than {MAXIMUM_CHUNKS} chunks").into());
            }
            // The chunks may all be there already, and other tasks need their turn in between.
            tokio::task::consume_budget().await;
            let Ok(data) = frame?.into_data() else { continue };
            if body.len() + data.len() > MAXIMUM_BODY {
                return Err("the answer is longer than 1 MiB".into());
            }
            body.extend_from_slice(&data);
        }
        if head.extensions.remove::<Intake>().is_some_and(|intake| intake.is_scarce())
            && let Some(connected) = connection.connection_metadata().as_ref()
        {
            connected.poison();
        }
        let mut response = Response::new(body.freeze());
        *response.status_mut() = head.status;
        *response.headers_mut() = head.headers;
        Ok(response)
    }

    /// Adds what every request has.
    fn complete(&self, request: &mut Request<Full<Bytes>>) -> Result<(), BoxError> {
        let authorization = user_information(request.uri())?;
        let proxy_authorization = self.connector.proxy_authorization(request.uri());
        let headers = request.headers_mut();
        let agent = concat!("typegate/", env!("CARGO_PKG_VERSION"));
        headers.entry(USER_AGENT).or_insert(HeaderValue::from_static(agent));
        headers.entry(ACCEPT).or_insert(HeaderValue::from_static("*/*"));
        if let Some(value) = authorization {
            headers.entry(AUTHORIZATION).or_insert(value);
        }
        if let Some(value) = proxy_authorization {
            headers.insert(PROXY_AUTHORIZATION, value);
        }
        Ok(())
    }
}

/// User and password of an address (RFC 3986 section 3.2.1), as HTTP has them (RFC 7617).
fn user_information(address: &Uri) -> Result<Option<HeaderValue>, BoxError> {
    let authority = address.authority().map_or("", |authority| authority.as_str());
    let Some((user_information, _)) = authority.rsplit_once('@') else { return Ok(None) };
    let (user, password) = user_information.split_once(':').unwrap_or((user_information, ""));
    let mut pair: Vec<u8> = percent_decode_str(user).collect();
    pair.push(b':');
    pair.extend(percent_decode_str(password));
    let mut value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(pair)))?;
    value.set_sensitive(true);
    Ok(Some(value))
}

impl fmt::Debug for DefaultHttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DefaultHttpClient")
    }
}

impl HttpClient for DefaultHttpClient {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, BoxError> {
        let deadline = self.deadline;
        match tokio::time::timeout(deadline, self.exchange(request)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(TooLate(deadline).into()),
        }
    }
}

#[cfg(test)]
mod hostile_tls;
#[cfg(test)]
mod through_proxy;

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
}
