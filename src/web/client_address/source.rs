//! The source of a visitor's address: the connection, or a header of a proxy that may be believed.

use std::net::IpAddr;

use http::header::FORWARDED;
use http::{Extensions, HeaderMap, HeaderName, HeaderValue};

use super::forwarding_header::{FORWARDED_FOR, forwarded, names_proxy, parse, single};
use super::origin::{ClientOrigin, Doubt};
use super::proxy_network::{Proxies, ProxyNetwork};
use super::{ClientAddress, ClientNetwork};
use crate::error::{ConfigError, Quoted};
use crate::web::forwarded_element::forwarded_elements;

/// Where a visitor's address is found. By default it is the peer address of the connection.
///
/// Behind a reverse proxy the peer is the proxy, by whose address all visitors would be counted as
/// one. So name the header in which the proxy says who asked it.
///
/// ```
/// use http::HeaderName;
/// use typegate::ClientAddressSource;
///
/// // nginx or a load balancer on this machine or in this private network:
/// let behind_one_proxy = ClientAddressSource::forwarded_for(1);
/// // Proxies in known networks:
/// let behind_several = ClientAddressSource::forwarded_through(["10.0.0.0/8".parse()?]);
/// // A network that sets a header of its own and connects from these addresses:
/// let behind_a_cdn = ClientAddressSource::header(HeaderName::from_static("cf-connecting-ip"))
///     .sent_by(["173.245.48.0/20".parse()?, "2400:cb00::/32".parse()?]);
/// # Ok::<(), typegate::ConfigError>(())
/// ```
///
/// # Who is believed
///
/// A header counts only if the peer is one of your own proxies. Unless [`sent_by`](Self::sent_by)
/// says which those are, they are all addresses that nobody on the internet has: loopback, private
/// (RFC 1918, RFC 4193), link-local, and carrier-grade NAT (RFC 6598). So the server has to tell
/// the peer address even behind a proxy, by [`ClientAddress`] or axum's
/// `into_make_service_with_connect_info::<SocketAddr>()`.
///
/// A proxy that passes a visitor's `X-Forwarded-For` on unchanged, as a rewrite of Next.js does,
/// says nothing about who asked *it*: name the header only if something in front of it sets one.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ClientAddressSource {
    named: Named,
    proxies: Proxies,
}

#[derive(Clone, Debug, Default, Eq, PartialEq)]
enum Named {
    #[default]
    Connection,
    ForwardedFor {
        proxies: u8,
    },
    ForwardedThrough,
    Forwarded {
        proxies: u8,
    },
    Header(HeaderName),
}

impl ClientAddressSource {
    /// The peer address of the connection.
    ///
    /// If that is near (see [above](Self#who-is-believed)) and the request has the headers of a
    /// proxy, nobody knows who asked: nothing is counted by client then, and the log says so once.
    #[must_use]
    pub fn connection() -> Self {
        Self::default()
    }

    /// The entry of `X-Forwarded-For` that the outermost of this many proxies of your own appended:
    /// with one proxy the last entry, with two the last but one. Anything further left is only a
    /// visitor's claim. With none, `build()` fails.
    #[must_use]
    pub fn forwarded_for(proxies: u8) -> Self {
        Self::of(Named::ForwardedFor { proxies })
    }

    /// The last entry of `X-Forwarded-For` that is not the address of a proxy in these networks,
    /// however many of them a request has passed. Only these proxies are believed.
    #[must_use]
    pub fn forwarded_through(networks: impl IntoIterator<Item = ProxyNetwork>) -> Self {
        Self::of(Named::ForwardedThrough).sent_by(networks)
    }

    /// The same as [`forwarded_for`](Self::forwarded_for) where proxies write `Forwarded` (RFC 7239):
    /// the `for` of the element that the outermost of this many proxies of your own appended.
    ///
    /// ```
    /// use typegate::ClientAddressSource;
    ///
    /// let source = ClientAddressSource::forwarded(1).sent_by(["10.0.0.0/8".parse()?]);
    /// assert_ne!(source, ClientAddressSource::forwarded_for(1));
    /// # Ok::<(), typegate::ConfigError>(())
    /// ```
    #[must_use]
    pub fn forwarded(proxies: u8) -> Self {
        Self::of(Named::Forwarded { proxies })
    }

    /// A header with one address that the proxy sets itself, such as `CF-Connecting-IP`, whatever
    /// a visitor sent in it.
    #[must_use]
    pub fn header(name: HeaderName) -> Self {
        Self::of(Named::Header(name))
    }

    /// Names your own proxies by the addresses from which they connect: nobody else is believed,
    /// and no visitor is counted by one of these addresses.
    #[must_use]
    pub fn sent_by(mut self, networks: impl IntoIterator<Item = ProxyNetwork>) -> Self {
        self.proxies = Proxies::Listed(networks.into_iter().collect());
        self
    }

    /// With what is known about the server's surroundings, unless the proxies are known already.
    pub(crate) fn received_from(self, networks: &[ProxyNetwork]) -> Self {
        match self.proxies {
            Proxies::Near => self.sent_by(networks.iter().copied()),
            Proxies::Listed(_) => self,
        }
    }

    /// What about it cannot work.
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        let name = match self.named {
            Named::ForwardedFor { proxies: 0 } => "forwarded_for",
            Named::Forwarded { proxies: 0 } => "forwarded",
            _ => return Ok(()),
        };
        let fix = format!(
            "write `ClientAddressSource::{name}(1)` for one proxy, or `ClientAddressSource::connection()` \
             for none"
        );
        Err(ConfigError::new(format!("{}: {fix}", no_proxies(name))))
    }

    /// Why a request is not counted as it should be: what stands where the address was expected.
    pub(crate) fn reason(&self, doubt: Doubt, headers: &HeaderMap) -> String {
        let (name, place) = match &self.named {
            Named::ForwardedFor { proxies } => (FORWARDED_FOR, Some(*proxies)),
            Named::ForwardedThrough => (FORWARDED_FOR, None),
            Named::Forwarded { proxies } => (FORWARDED.as_str(), Some(*proxies)),
            Named::Header(name) => (name.as_str(), None),
            Named::Connection => return doubt.reason().into(),
        };
        if doubt != Doubt::NothingNamed {
            return doubt.reason().into();
        }
        let lines: Vec<_> = headers.get_all(name).iter().map(HeaderValue::as_bytes).collect();
        let read = match lines.is_empty() {
            true => "which is absent".to_owned(),
            false => {
                let read = Quoted(&String::from_utf8_lossy(&lines.join(&b", "[..]))).or_empty();
                let place = match place {
                    Some(1) => ", of which the last entry counts".to_owned(),
                    Some(place) => format!(", of which entry {place} from the right counts"),
                    None => String::new(),
                };
                format!("which is {read}{place}")
            }
        };
        format!(
            "{}: `client_address` names `{name}`, {read}; let the proxy write the visitor's address \
             there, or name what it writes",
            doubt.reason()
        )
    }

    fn of(named: Named) -> Self {
        Self { named, proxies: Proxies::default() }
    }

    /// The client that a request is counted for.
    pub(crate) fn origin(&self, headers: &HeaderMap, extensions: &Extensions) -> ClientOrigin {
        let unknown = |doubt| ClientOrigin { client: None, doubt: Some(doubt) };
        let known =
            |address, doubt| ClientOrigin { client: Some(ClientNetwork::of(address)), doubt };
        let Some(ClientAddress(peer)) = extensions.get() else {
            return unknown(Doubt::NoConnection);
        };
        let peer = peer.to_canonical();
        if !self.proxies.contains(peer) {
            // A direct connection. What a visitor says of itself does not count.
            let is_ignored = self.proxies == Proxies::Near && self.is_named(headers);
            return known(peer, is_ignored.then_some(Doubt::NotAProxy));
        }
        let address = match &self.named {
            // An address alone makes no proxy: it may be the developer's browser.
            Named::Connection if self.proxies == Proxies::Near && !names_proxy(headers) => {
                return known(peer, None);
            }
            Named::Connection => return unknown(Doubt::ProxyNotNamed),
            Named::ForwardedFor { proxies } => {
                forwarded(headers).nth(usize::from(*proxies).saturating_sub(1)).flatten()
            }
            Named::ForwardedThrough => self.first_that_is_no_proxy(headers),
            Named::Forwarded { proxies } => {
                let place = usize::from(*proxies).saturating_sub(1);
                let element = forwarded_elements(headers).nth(place).flatten();
                element.and_then(|element| parse(element.client?.as_bytes()))
            }
            Named::Header(name) => single(headers, name),
        };
        address.map_or_else(|| unknown(Doubt::NothingNamed), |address| known(address, None))
    }

    /// Each entry was appended by whoever stands to its right. Where all are proxies, the first of
    /// them asked on its own behalf.
    fn first_that_is_no_proxy(&self, headers: &HeaderMap) -> Option<IpAddr> {
        let mut last = None;
        for entry in forwarded(headers) {
            last = Some(entry?);
            if !self.proxies.contains(entry?) {
                break;
            }
        }
        last
    }

    fn is_named(&self, headers: &HeaderMap) -> bool {
        match &self.named {
            Named::Connection => false,
            Named::ForwardedFor { .. } | Named::ForwardedThrough => {
                headers.contains_key(FORWARDED_FOR)
            }
            Named::Forwarded { .. } => headers.contains_key(FORWARDED),
            Named::Header(name) => headers.contains_key(name),
        }
    }
}

/// What is wrong with a setting that counts proxies and says none, or too many.
pub(crate) fn no_proxies(name: &str) -> String {
    format!("`{name}` is the number of proxies of one's own, from 1 to 255")
}
