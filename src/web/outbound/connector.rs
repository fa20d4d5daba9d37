//! The connector: reaches a peer directly or through a proxy that the environment names, with TLS
//! or without.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::uri::Scheme;
use http::{HeaderValue, Uri};
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tower_service::Service;

use super::bounded_stream::{BoundedStream, Bounds};
use super::proxies::{Proxies, ProxyError};
use crate::error::BoxError;

/// A whole answer has at most 1 MiB of body, some headers, and what TLS and chunks add to it; a
/// connection is used for another one until half of this has come.
const BOUNDS: Bounds = Bounds { turn: 8 * 1024, connection: 4 * 1024 * 1024 };

type Outcome<T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>>;
type Stream = TokioIo<BoundedStream<TcpStream, Peer>>;
/// A fresh connection to a proxy or to the destination.
type Road = MaybeHttpsStream<Stream>;

/// The peer of a connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Peer {
    /// The destination, or a proxy that is nothing but a way there.
    Destination,
    /// A proxy that reads the requests, and needs to be told the whole address in them
    /// (RFC 9112 section 3.2.2).
    Proxy,
}

impl Connection for BoundedStream<TcpStream, Peer> {
    fn connected(&self) -> Connected {
        let connected = self.get_ref().connected().extra(self.intake());
        connected.proxy(*self.peer() == Peer::Proxy)
    }
}

/// TCP connections that are read within bounds.
#[derive(Clone)]
struct Tcp {
    connector: HttpConnector,
    peer: Peer,
}

impl Service<Uri> for Tcp {
    type Response = Stream;
    type Error = BoxError;
    type Future = Outcome<Stream>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.connector.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let connecting = self.connector.call(to);
        let peer = self.peer;
        Box::pin(async move {
            let stream = connecting.await?.into_inner();
            Ok(TokioIo::new(BoundedStream::new(stream, peer, BOUNDS)))
        })
    }
}

/// The route to a destination: direct, or through the proxy that the environment names for it.
#[derive(Clone)]
struct Roads {
    proxies: Arc<Proxies>,
    direct: Tcp,
    tunnelled: HttpsConnector<Tcp>,
    proxied: HttpsConnector<Tcp>,
}

impl Service<Uri> for Roads {
    type Response = Road;
    type Error = BoxError;
    type Future = Outcome<Road>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.direct.poll_ready(context)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let Some(proxy) = self.proxies.on_the_way_to(&to) else {
            let connecting = self.direct.call(to);
            return Box::pin(async move { Ok(MaybeHttpsStream::Http(connecting.await?)) });
        };
        let address = proxy.uri().clone();
        if to.scheme() != Some(&Scheme::HTTPS) {
            let connecting = self.proxied.call(address.clone());
            return Box::pin(async move {
                Ok(connecting.await.map_err(|error| ProxyError::new(&address, error))?)
            });
        }
        let mut tunnel = Tunnel::new(address.clone(), self.tunnelled.clone());
        if let Some(authorization) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(authorization.clone());
        }
        let connecting = tunnel.call(to);
        Box::pin(
            async move { Ok(connecting.await.map_err(|error| ProxyError::new(&address, error))?) },
        )
    }
}

/// The connector of the default client.
#[derive(Clone)]
pub(super) struct Connector {
    roads: HttpsConnector<Roads>,
    proxies: Arc<Proxies>,
    /// The deadline also holds for a connection that nobody waits for any more.
    deadline: Duration,
}

impl Connector {
    pub(super) fn new(mut tls: ClientConfig, deadline: Duration, proxies: Proxies) -> Self {
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        let tls = Arc::new(tls);
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_nodelay(true);
        let tcp = |peer| Tcp { connector: connector.clone(), peer };
        let proxies = Arc::new(proxies);
        let roads = Roads {
            proxies: Arc::clone(&proxies),
            direct: tcp(Peer::Destination),
            tunnelled: HttpsConnector::from((tcp(Peer::Destination), Arc::clone(&tls))),
            proxied: HttpsConnector::from((tcp(Peer::Proxy), Arc::clone(&tls))),
        };
        Self { roads: HttpsConnector::from((roads, tls)), proxies, deadline }
    }

    /// What a proxy wants to know with each request that it reads.
    pub(super) fn proxy_authorization(&self, to: &Uri) -> Option<HeaderValue> {
        let is_read = to.scheme() == Some(&Scheme::HTTP);
        let proxy = is_read.then(|| self.proxies.on_the_way_to(to)).flatten()?;
        proxy.basic_auth().cloned()
    }
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<Road>;
    type Error = BoxError;
    type Future = Outcome<MaybeHttpsStream<Road>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.roads.poll_ready(context)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let connecting = tokio::time::timeout(self.deadline, self.roads.call(to));
        Box::pin(async move { connecting.await? })
    }
}
