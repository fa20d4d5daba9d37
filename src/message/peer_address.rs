//! Who is at the other end of the connection?

use std::net::SocketAddr;

/// The address at the other end of the connection, as an extension of a request. Only the server
/// knows it; a header says whatever somebody wrote there.
///
/// Nothing needs it but [`Diagnostics::explain_errors_on_loopback`](crate::Diagnostics::explain_errors_on_loopback).
/// With axum, served by `into_make_service_with_connect_info::<SocketAddr>()`:
///
/// ```
/// use std::net::SocketAddr;
///
/// use axum::extract::{ConnectInfo, Request};
/// use typegate::PeerAddress;
///
/// async fn note_peer(mut request: Request) -> Request {
///     if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>() {
///         let peer = PeerAddress(*peer);
///         request.extensions_mut().insert(peer);
///     }
///     request
/// }
///
/// let app: axum::Router = axum::Router::new().layer(axum::middleware::map_request(note_peer));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "an address and nothing else")]
pub struct PeerAddress(pub SocketAddr);
