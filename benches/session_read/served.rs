//! The same read over a connection: a server on one thread, 32 requests at a time from another.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, Response, StatusCode, Version, header};
use http_body_util::{BodyExt as _, Empty, Full};
use hyper::body::Incoming;
use hyper::client::conn::http2::SendRequest;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio_rustls::{TlsAcceptor, TlsConnector};
use tower::ServiceExt;
use typegate::Auth;

use crate::floor::Floor;

const AT_A_TIME: usize = 32;
/// Connections of HTTP/2, which share these.
const CONNECTIONS: usize = 4;

/// Who answers.
pub(crate) enum Answerer {
    /// Hyper with the cryptography and nothing else.
    Floor(Arc<Floor>),
    /// `Auth::service` on hyper.
    Hyper(Auth),
    /// `Auth::routes` on axum.
    Axum(Auth),
}

/// In which way it is asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Wire {
    Http1,
    /// HTTP/1.1 over TLS 1.3.
    Tls,
    /// HTTP/2 over TLS 1.3.
    Http2,
}

impl Wire {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Http1 => "HTTP/1.1",
            Self::Tls => "HTTP/1.1, TLS",
            Self::Http2 => "HTTP/2, TLS",
        }
    }
}

/// A thread that serves for as long as the process lives.
pub(crate) struct Server {
    address: SocketAddr,
    wire: Wire,
    /// Where Linux counts its time.
    thread: Option<PathBuf>,
}

/// Of one round.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
pub(crate) struct Load {
    pub(crate) per_second: f64,
    /// Time of the server's thread for an answer, in microseconds; zero where nobody counts it.
    pub(crate) cost: f64,
}

impl Server {
    pub(crate) fn start(answerer: Answerer, wire: Wire) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a socket");
        let address = listener.local_addr().expect("an address");
        let (started, thread) = mpsc::channel();
        std::thread::spawn(move || {
            let place = std::fs::read_link("/proc/thread-self").ok();
            started.send(place.map(|place| Path::new("/proc").join(place))).expect("a bench");
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).expect("a listener");
                match answerer {
                    Answerer::Axum(auth) => {
                        let routes: axum::Router = auth.routes();
                        axum::serve(listener, routes).await.expect("a server");
                    }
                    other => other.accept(listener, wire).await,
                }
            });
        });
        Self { address, wire, thread: thread.recv().expect("a thread") }
    }

    fn time(&self) -> Option<Duration> {
        let counted = std::fs::read_to_string(self.thread.as_ref()?.join("schedstat")).ok()?;
        Some(Duration::from_nanos(counted.split(' ').next()?.parse().ok()?))
    }

    /// Asks `GET session` with this `Cookie` header for so long.
    pub(crate) fn load(&self, cookie: &str, time: Duration) -> Load {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let (start, before) = (Instant::now(), self.time());
        let answers = runtime.expect("a runtime").block_on(async {
            match self.wire {
                Wire::Http2 => self.load_http2(cookie, start + time).await,
                _ => self.load_http1(cookie, start + time).await,
            }
        });
        let spent = self.time().zip(before).map_or(Duration::ZERO, |(now, before)| now - before);
        Load {
            per_second: answers as f64 / start.elapsed().as_secs_f64(),
            cost: spent.as_secs_f64() * 1e6 / answers as f64,
        }
    }

    async fn load_http1(&self, cookie: &str, end: Instant) -> u64 {
        let request = format!(
            "GET /api/auth/session HTTP/1.1\r\nhost: localhost:3000\r\ncookie: {cookie}\r\n\r\n"
        );
        let mut connections = JoinSet::new();
        for _ in 0..AT_A_TIME {
            let stream = self.connect().await;
            match self.wire {
                Wire::Http1 => connections.spawn(ask(stream, request.clone(), end)),
                _ => connections.spawn(ask(
                    encrypted(stream, b"http/1.1").await,
                    request.clone(),
                    end,
                )),
            };
        }
        connections.join_all().await.into_iter().sum()
    }

    async fn load_http2(&self, cookie: &str, end: Instant) -> u64 {
        let mut requests = JoinSet::new();
        for _ in 0..CONNECTIONS {
            let stream = TokioIo::new(encrypted(self.connect().await, b"h2").await);
            let connected = hyper::client::conn::http2::handshake(TokioExecutor::new(), stream);
            let (sender, connection) = connected.await.expect("HTTP/2");
            tokio::spawn(connection);
            for _ in 0..AT_A_TIME / CONNECTIONS {
                requests.spawn(ask_http2(sender.clone(), cookie.to_owned(), end));
            }
        }
        requests.join_all().await.into_iter().sum()
    }

    async fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).await.expect("a connection");
        stream.set_nodelay(true).expect("a socket");
        stream
    }
}

impl Answerer {
    async fn accept(self, listener: TcpListener, wire: Wire) {
        let (answerer, tls) = (Arc::new(self), acceptor());
        loop {
            let (stream, _) = listener.accept().await.expect("a connection");
            stream.set_nodelay(true).expect("a socket");
            let (answerer, tls) = (Arc::clone(&answerer), tls.clone());
            tokio::spawn(async move {
                let service = service_fn(|request| answerer.answer(request));
                let http1 = hyper::server::conn::http1::Builder::new();
                // The bench hangs up when it is done.
                let _ = match wire {
                    Wire::Http1 => http1.serve_connection(TokioIo::new(stream), service).await,
                    Wire::Tls => {
                        let stream = tls.accept(stream).await.expect("TLS");
                        http1.serve_connection(TokioIo::new(stream), service).await
                    }
                    Wire::Http2 => {
                        let stream = tls.accept(stream).await.expect("TLS");
                        let http2 = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
                        let answerer = Arc::clone(&answerer);
                        // Its tasks outlive this one.
                        let service = service_fn(move |request| {
                            let answerer = Arc::clone(&answerer);
                            async move { answerer.answer(request).await }
                        });
                        http2.serve_connection(TokioIo::new(stream), service).await
                    }
                };
            });
        }
    }

    async fn answer(
        &self,
        request: Request<Incoming>,
    ) -> Result<Response<Full<Bytes>>, Infallible> {
        match self {
            Self::Floor(floor) => Ok(floor.answer(request.headers()).map(Full::new)),
            Self::Hyper(auth) | Self::Axum(auth) => auth.service().oneshot(request).await,
        }
    }
}

fn certificates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tls")
}

fn acceptor() -> TlsAcceptor {
    let chain = CertificateDer::from_pem_file(certificates().join("good.pem"));
    let key = PrivateKeyDer::from_pem_file(certificates().join("server.key")).expect("a key");
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![chain.expect("a certificate")], key)
        .expect("a pair");
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Arc::new(config).into()
}

async fn encrypted(
    stream: TcpStream,
    protocol: &[u8],
) -> tokio_rustls::client::TlsStream<TcpStream> {
    let mut roots = RootCertStore::empty();
    let authority = CertificateDer::from_pem_file(certificates().join("ca.pem"));
    roots.add(authority.expect("a certificate")).expect("an authority");
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    let name = ServerName::try_from("localhost").expect("a name");
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.expect("TLS")
}

/// How many answers there are until the end.
async fn ask(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    request: String,
    end: Instant,
) -> u64 {
    let (mut buffer, mut answers) = (vec![0; 4096], 0);
    while Instant::now() < end {
        stream.write_all(request.as_bytes()).await.expect("it sends");
        read_answer(&mut stream, &mut buffer).await;
        answers += 1;
    }
    answers
}

async fn ask_http2(mut sender: SendRequest<Empty<Bytes>>, cookie: String, end: Instant) -> u64 {
    let mut answers = 0;
    while Instant::now() < end {
        let request = Request::get("https://localhost/api/auth/session")
            .version(Version::HTTP_2)
            .header(header::COOKIE, &cookie)
            .body(Empty::new());
        let response = sender.send_request(request.expect("a request")).await.expect("it answers");
        assert_eq!(response.status(), StatusCode::OK);
        let body = response.into_body().collect().await.expect("it answers").to_bytes();
        assert!(body.ends_with(b"Z\"}"), "{body:?}");
        answers += 1;
    }
    answers
}

/// Reads one answer to its end: the body is JSON of a session, which ends with `"}`.
async fn read_answer(stream: &mut (impl AsyncRead + Unpin), buffer: &mut [u8]) {
    let mut length = 0;
    while !buffer[..length].ends_with(b"Z\"}") {
        let read = stream.read(&mut buffer[length..]).await.expect("it answers");
        assert!(read > 0, "the server hung up: {}", String::from_utf8_lossy(&buffer[..length]));
        length += read;
    }
    assert!(buffer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(buffer));
}
