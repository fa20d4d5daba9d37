//! The client address: who sent a request, as far as an address can tell. It is only used for
//! counting attempts and never lets anybody in.

mod client_network;
mod forwarding_header;
mod origin;
mod proxy_network;
mod source;
#[cfg(test)]
mod tests;

use std::net::IpAddr;

pub use self::client_network::ClientNetwork;
pub(crate) use self::forwarding_header::names_proxy;
pub(crate) use self::origin::{ClientOrigin, Doubt};
pub(crate) use self::proxy_network::Proxies;
pub use self::proxy_network::ProxyNetwork;
pub use self::source::ClientAddressSource;
pub(crate) use self::source::no_proxies;

/// The address of whoever sent a request, as an extension of the request.
///
/// In axum, `ConnectInfo<SocketAddr>` serves as well; it is present if the application is served
/// with `into_make_service_with_connect_info::<SocketAddr>()`. With other servers, insert this:
///
/// ```
/// use std::net::SocketAddr;
/// use typegate::ClientAddress;
///
/// let peer: SocketAddr = "192.0.2.7:51234".parse()?;
/// let mut request = http::Request::get("/api/auth/csrf").body(())?;
/// request.extensions_mut().insert(ClientAddress(peer.ip()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "an address and nothing else")]
pub struct ClientAddress(pub IpAddr);
