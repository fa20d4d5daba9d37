//! The origin of a request: the network that it is counted for, or why none is known.

use super::ClientNetwork;

/// What is known about where a request came from.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct ClientOrigin {
    /// The network that it is counted for; none if nobody trusted names one.
    pub(crate) client: Option<ClientNetwork>,
    /// What the operator should know.
    pub(crate) doubt: Option<Doubt>,
}

/// Why the address is not known, or may not be what was meant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Doubt {
    /// The server does not tell the peer address.
    NoConnection,
    /// There is a proxy, and nothing says where it puts the address.
    ProxyNotNamed,
    /// The proxy did not send the header, or it has no address where one was expected.
    NothingNamed,
    /// The header did not come from a proxy.
    NotAProxy,
}

impl Doubt {
    /// The reason, and the line to write.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::NoConnection => {
                "attempts are counted by account only, because the server does not tell who \
                 connects: serve `app.into_make_service_with_connect_info::<SocketAddr>()`, or put \
                 a `ClientAddress` into the request's extensions"
            }
            Self::ProxyNotNamed => {
                "attempts are counted by account only, because a proxy connects and nothing says \
                 where it puts the visitor's address: if it appends that to X-Forwarded-For, write \
                 `.client_address(ClientAddressSource::forwarded_for(1))` (`forwarded_for = 1` under \
                 `[client_address]`); if it passes on what a visitor wrote there, as a rewrite of \
                 Next.js does, write nothing, or visitors choose by which address they are counted"
            }
            Self::NothingNamed => {
                "attempts are counted by account only, because the proxy names no visitor's address"
            }
            Self::NotAProxy => {
                "the header that `client_address` names came from no proxy and was not believed: if \
                 a proxy of one's own has a public address, name it by \
                 `ClientAddressSource::sent_by` (`trusted_proxies` under `[server]`)"
            }
        }
    }
}
