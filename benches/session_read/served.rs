//! The same read over HTTP/1.1: a server on one thread, 32 connections that are kept open on
//! another.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tower::ServiceExt;
use typegate::Auth;

use crate::floor::Floor;

const CONNECTIONS: usize = 32;

/// Who answers.
pub(crate) enum Server {
    /// Hyper with the cryptography and nothing else.
    Floor(Arc<Floor>),
    /// `Auth::service` on hyper.
    Hyper(Auth),
    /// `Auth::routes` on axum.
    Axum(Auth),
}

impl Server {
    /// Starts it on a thread of its own, for as long as the process lives.
    pub(crate) fn start(self) -> SocketAddr {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a socket");
        let address = listener.local_addr().expect("an address");
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).expect("a listener");
                match self {
                    Self::Axum(auth) => {
                        let routes: axum::Router = auth.routes();
                        axum::serve(listener, routes).await.expect("a server");
                    }
                    other => other.accept(listener).await,
                }
            });
        });
        address
    }

    async fn accept(self, listener: TcpListener) {
        let server = Arc::new(self);
        loop {
            let (stream, _) = listener.accept().await.expect("a connection");
            stream.set_nodelay(true).expect("a socket");
            let server = Arc::clone(&server);
            tokio::spawn(async move {
                let service = service_fn(|request| server.answer(request));
                let connection = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service);
                // The bench hangs up when it is done.
                let _ = connection.await;
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

/// Answers a second of `GET session` with this `Cookie` header.
pub(crate) fn load(server: SocketAddr, cookie: &str, time: Duration) -> f64 {
    let request = format!(
        "GET /api/auth/session HTTP/1.1\r\nhost: localhost:3000\r\ncookie: {cookie}\r\n\r\n"
    );
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let start = Instant::now();
    let answers: u64 = runtime.block_on(async {
        let mut connections = JoinSet::new();
        for _ in 0..CONNECTIONS {
            let request = request.clone();
            connections.spawn(async move {
                let mut stream = TcpStream::connect(server).await.expect("a connection");
                stream.set_nodelay(true).expect("a socket");
                let (mut buffer, mut answers) = (vec![0; 4096], 0);
                while start.elapsed() < time {
                    stream.write_all(request.as_bytes()).await.expect("it sends");
                    read_answer(&mut stream, &mut buffer).await;
                    answers += 1;
                }
                answers
            });
        }
        connections.join_all().await.into_iter().sum()
    });
    answers as f64 / start.elapsed().as_secs_f64()
}

/// Reads one answer to its end: the body is JSON of a session, which ends with `"}`.
async fn read_answer(stream: &mut TcpStream, buffer: &mut [u8]) {
    let mut length = 0;
    while !buffer[..length].ends_with(b"Z\"}") {
        let read = stream.read(&mut buffer[length..]).await.expect("it answers");
        assert!(read > 0, "the server hung up: {}", String::from_utf8_lossy(&buffer[..length]));
        length += read;
    }
    assert!(buffer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(buffer));
}
