//! Who is asking, as far as an address can tell? Only for counting: it never lets anybody in.

use std::net::{IpAddr, Ipv6Addr};

use http::{Extensions, HeaderMap, HeaderName};

/// The address of whoever sent a request, as an extension of the request.
///
/// axum's `ConnectInfo<SocketAddr>` does as well, which is there if the application is served with
/// `into_make_service_with_connect_info::<SocketAddr>()`. Other servers put this in:
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

/// Where a visitor's address stands. Left out, it is the other end of the connection.
///
/// Behind a reverse proxy that is the proxy's own address, so all visitors would count as one.
/// Name the header that the proxy sets, whatever a visitor sent in it.
///
/// ```
/// use http::HeaderName;
/// use typegate::ClientAddressSource;
///
/// let behind_one_proxy = ClientAddressSource::forwarded_for(1);
/// let behind_a_cdn = ClientAddressSource::header(HeaderName::from_static("cf-connecting-ip"));
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ClientAddressSource(Source);

#[derive(Clone, Debug, Default, Eq, PartialEq)]
enum Source {
    #[default]
    Connection,
    ForwardedFor {
        proxies: u8,
    },
    Header(HeaderName),
}

impl ClientAddressSource {
    /// The other end of the connection.
    #[must_use]
    pub fn connection() -> Self {
        Self::default()
    }

    /// The entry of `X-Forwarded-For` that the outermost of so many proxies of one's own has
    /// appended: with one proxy the last entry, with two the last but one. What stands further
    /// left is a visitor's word.
    #[must_use]
    pub fn forwarded_for(proxies: u8) -> Self {
        Self(Source::ForwardedFor { proxies: proxies.max(1) })
    }

    /// A header with one address that the proxy sets itself, such as `CF-Connecting-IP`.
    #[must_use]
    pub fn header(name: HeaderName) -> Self {
        Self(Source::Header(name))
    }

    /// The network to count a request for; none if nobody says where it came from.
    pub(crate) fn network(
        &self,
        headers: &HeaderMap,
        extensions: &Extensions,
    ) -> Option<ClientNetwork> {
        let named = match &self.0 {
            Source::Connection => None,
            Source::ForwardedFor { proxies } => {
                let values = headers.get_all("x-forwarded-for").iter();
                let entries = values.filter_map(|value| value.to_str().ok());
                let entries: Vec<&str> = entries.flat_map(|value| value.split(',')).collect();
                entries.iter().rev().nth(usize::from(*proxies) - 1).and_then(|text| parse(text))
            }
            Source::Header(name) => {
                let mut values = headers.get_all(name).iter();
                match (values.next(), values.next()) {
                    (Some(value), None) => value.to_str().ok().and_then(parse),
                    _ => None,
                }
            }
        };
        let connection = || extensions.get::<ClientAddress>().map(|address| address.0);
        named.or_else(connection).map(ClientNetwork::of)
    }
}

/// An address, with or without a port.
fn parse(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let address = text.parse().ok();
    let with_port = || text.parse().ok().map(|address: std::net::SocketAddr| address.ip());
    address.or_else(with_port).or_else(|| text.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
}

/// The part of an address that one visitor cannot change at will: an IPv4 address, or the /64 of
/// an IPv6 address. IPv4 in IPv6's clothes (`::ffff:192.0.2.7`) is IPv4.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct ClientNetwork(IpAddr);

impl ClientNetwork {
    /// The network of an address.
    ///
    /// ```
    /// use typegate::rate_limit::ClientNetwork;
    ///
    /// let network = |text: &str| ClientNetwork::of(text.parse().unwrap());
    /// assert_eq!(network("2001:db8::1"), network("2001:db8::ffff"));
    /// assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
    /// assert_eq!(network("::ffff:192.0.2.7"), network("192.0.2.7"));
    /// assert_eq!(network("2001:DB8::1").to_string(), "2001:db8::/64");
    /// ```
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => address.into(),
            IpAddr::V6(address) => {
                let prefix = u128::from(address) >> 64 << 64;
                Ipv6Addr::from(prefix).into()
            }
        })
    }
}

impl std::fmt::Display for ClientNetwork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            IpAddr::V4(address) => address.fmt(f),
            IpAddr::V6(prefix) => write!(f, "{prefix}/64"),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn network(source: &ClientAddressSource, lines: &[&'static str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            let (name, value) = line.split_once(": ").unwrap();
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let mut extensions = Extensions::new();
        extensions.insert(ClientAddress("192.0.2.1".parse().unwrap()));
        source.network(&headers, &extensions).map(|network| network.to_string())
    }

    #[test]
    fn r081_a_visitors_own_headers_are_not_believed() {
        let spoofed = ["x-forwarded-for: 198.51.100.9", "x-real-ip: 198.51.100.9"];
        let connection = ClientAddressSource::connection();
        assert_eq!(network(&connection, &spoofed).as_deref(), Some("192.0.2.1"));

        let one = ClientAddressSource::forwarded_for(1);
        let two = ClientAddressSource::forwarded_for(2);
        let lines = ["x-forwarded-for: 198.51.100.9, 203.0.113.5", "x-forwarded-for: 203.0.113.6"];
        assert_eq!(network(&one, &lines).as_deref(), Some("203.0.113.6"));
        assert_eq!(network(&two, &lines).as_deref(), Some("203.0.113.5"));
        // Fewer entries than proxies, or no address: the connection counts.
        assert_eq!(network(&two, &["x-forwarded-for: 198.51.100.9"]).as_deref(), Some("192.0.2.1"));
        assert_eq!(network(&one, &["x-forwarded-for: unknown"]).as_deref(), Some("192.0.2.1"));
        assert_eq!(network(&one, &[]).as_deref(), Some("192.0.2.1"));

        let header = ClientAddressSource::header(HeaderName::from_static("x-real-ip"));
        assert_eq!(network(&header, &["x-real-ip: 203.0.113.5"]).as_deref(), Some("203.0.113.5"));
        let twice = ["x-real-ip: 198.51.100.9", "x-real-ip: 203.0.113.5"];
        assert_eq!(network(&header, &twice).as_deref(), Some("192.0.2.1"));
        assert_eq!(connection.network(&HeaderMap::new(), &Extensions::new()), None);
    }

    #[test]
    fn r081_every_spelling_of_an_address_is_the_same_client() {
        for (text, expected) in [
            ("203.0.113.5", "203.0.113.5"),
            (" 203.0.113.5:4711 ", "203.0.113.5"),
            ("::ffff:203.0.113.5", "203.0.113.5"),
            ("::FFFF:cb00:7105", "203.0.113.5"),
            ("2001:DB8:0:0:1:2:3:4", "2001:db8::/64"),
            ("[2001:db8::1]", "2001:db8::/64"),
            ("[2001:db8::1]:4711", "2001:db8::/64"),
        ] {
            let address = parse(text).unwrap();
            assert_eq!(ClientNetwork::of(address).to_string(), expected, "{text}");
        }
        for bad in ["", "unknown", "_hidden", "203.0.113.5.6", "1.2.3", "203.0.113.05"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
