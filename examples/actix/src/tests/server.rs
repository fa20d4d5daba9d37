//! An actix-web server on loopback, and who asks it.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::MessageBody;
use actix_web::dev::{ServerHandle, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::rt::net::TcpStream;
use actix_web::{App, Error, HttpServer};
use bytes::Bytes;
use http::header::{HOST, HeaderName, HeaderValue};
use http::{Method, Request, Response};
use http_body_util::{BodyExt as _, Empty, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tower::Service;
use typegate::BoxError;

/// A server that ends with its test.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    handle: ServerHandle,
}

impl Server {
    pub(super) fn start<T, B>(application: impl Fn() -> App<T> + Send + Clone + 'static) -> Self
    where
        T: ServiceFactory<
                ServiceRequest,
                Config = (),
                Response = ServiceResponse<B>,
                Error = Error,
                InitError = (),
            > + 'static,
        B: MessageBody + 'static,
    {
        let server = HttpServer::new(application).workers(1).disable_signals();
        let server = server.bind_auto_h2c(("127.0.0.1", 0)).unwrap();
        let address = server.addrs()[0];
        let server = server.run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { address, handle }
    }

    pub(super) fn client(&self) -> Client {
        Client { address: self.address, line: None }
    }

    /// One whose requests have a line more.
    pub(super) fn client_with(&self, name: &'static str, value: String) -> Client {
        let line = (HeaderName::from_static(name), value.parse().unwrap());
        Client { address: self.address, line: Some(line) }
    }

    pub(super) async fn get(&self, path: &str) -> Response<Bytes> {
        let request = Request::get(path).body(Full::default()).unwrap();
        send(self.address, request).await.unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

/// The network, for a browser.
#[derive(Clone)]
pub(super) struct Client {
    address: SocketAddr,
    line: Option<(HeaderName, HeaderValue)>,
}

impl Service<Request<Full<Bytes>>> for Client {
    type Response = Response<Full<Bytes>>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<Full<Bytes>>) -> Self::Future {
        let Self { address, line } = self.clone();
        request.headers_mut().extend(line);
        Box::pin(async move { Ok(send(address, request).await?.map(Full::new)) })
    }
}

/// Asks by HTTP/1.1, on a connection of its own.
pub(super) async fn send(
    address: SocketAddr,
    mut request: Request<Full<Bytes>>,
) -> Result<Response<Bytes>, BoxError> {
    // A browser names the whole address of where it was sent.
    if let Some(path) = request.uri().path_and_query() {
        *request.uri_mut() = path.as_str().parse()?;
    }
    request.headers_mut().entry(HOST).or_insert(HeaderValue::from_static("localhost:3000"));
    let stream = TokioIo::new(TcpStream::connect(address).await?);
    let (mut sender, connection) = hyper::client::conn::http1::handshake(stream).await?;
    actix_web::rt::spawn(connection);
    let (parts, body) = sender.send_request(request).await?.into_parts();
    Ok(Response::from_parts(parts, body.collect().await?.to_bytes()))
}

/// Asks by HTTP/2, whose requests have an authority and no `Host`.
pub(super) async fn by_http2(
    address: SocketAddr,
    method: Method,
    uri: &str,
) -> Result<Response<Bytes>, BoxError> {
    let request = Request::builder().method(method).uri(uri).body(Empty::<Bytes>::new())?;
    let stream = TokioIo::new(TcpStream::connect(address).await?);
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), stream).await?;
    actix_web::rt::spawn(connection);
    let (parts, body) = sender.send_request(request).await?.into_parts();
    Ok(Response::from_parts(parts, body.collect().await?.to_bytes()))
}

/// Sends bytes and reads until that text is there; without one, hangs up and reads to the end.
pub(super) async fn raw(address: SocketAddr, bytes: String, until: Option<&str>) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes.as_bytes()).await.unwrap();
    if until.is_none() {
        stream.shutdown().await.unwrap();
    }
    let mut answer = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&answer);
        if until.is_some_and(|until| text.contains(until)) {
            return text.into_owned();
        }
        let Ok(1..) = stream.read_buf(&mut answer).await else {
            return String::from_utf8_lossy(&answer).into_owned();
        };
    }
}
