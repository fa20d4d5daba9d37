//! Who is asking, as far as an address can tell? Only for counting: it never lets anybody in.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use http::header::{FORWARDED, VIA};
use http::{Extensions, HeaderMap, HeaderName};
use ipnet::{IpNet, Ipv4Net};

use crate::error::ConfigError;

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

/// A network in which one's own proxies stand: an address, or a prefix of addresses.
///
/// ```
/// use typegate::ProxyNetwork;
///
/// assert_eq!("10.0.0.0/8".parse::<ProxyNetwork>()?.to_string(), "10.0.0.0/8");
/// assert_eq!("2001:db8::7".parse::<ProxyNetwork>()?.to_string(), "2001:db8::7/128");
/// assert!("10.0.0.0/33".parse::<ProxyNetwork>().is_err());
/// # Ok::<(), typegate::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct ProxyNetwork(IpNet);

impl ProxyNetwork {
    /// An IPv4 network in the spelling of IPv6 (RFC 4291 section 2.5.5.2) is that network, as an
    /// address in that spelling is that address.
    fn of(network: IpNet) -> Self {
        let IpNet::V6(written) = network else { return Self(network) };
        let address = written.addr().to_ipv4_mapped();
        let prefix = written.prefix_len().checked_sub(96);
        let meant =
            address.zip(prefix).and_then(|(address, prefix)| Ipv4Net::new(address, prefix).ok());
        Self(meant.map_or(network, IpNet::V4))
    }

    pub(crate) fn contains(self, address: IpAddr) -> bool {
        self.0.contains(&address)
    }
}

impl FromStr for ProxyNetwork {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        let network = text.parse::<IpNet>().ok();
        let network = network.or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
        network.map(Self::of).ok_or_else(|| {
            ConfigError::new(format!("`{text}` is neither an IP address nor a network"))
        })
    }
}

impl From<IpAddr> for ProxyNetwork {
    fn from(address: IpAddr) -> Self {
        Self::of(address.into())
    }
}

impl fmt::Display for ProxyNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Where a visitor's address stands. Left out, it is the other end of the connection.
///
/// Behind a reverse proxy the other end is the proxy, by whose address no visitor is counted: all
/// of them would be one. So name the header that says who asked the proxy.
///
/// ```
/// use http::HeaderName;
/// use typegate::ClientAddressSource;
///
/// // nginx or a load balancer on this machine or in this private network:
/// let behind_one_proxy = ClientAddressSource::forwarded_for(1);
/// // Proxies of which one knows the networks:
/// let behind_several = ClientAddressSource::forwarded_through(["10.0.0.0/8".parse()?]);
/// // A network that sets a header of its own and connects from these addresses:
/// let behind_a_cdn = ClientAddressSource::header(HeaderName::from_static("cf-connecting-ip"))
///     .sent_by(["173.245.48.0/20".parse()?, "2400:cb00::/32".parse()?]);
/// # Ok::<(), typegate::ConfigError>(())
/// ```
///
/// # Who is believed
///
/// A header counts only if the other end of the connection is a proxy of one's own. Unless
/// [`sent_by`](Self::sent_by) says which those are, they are the addresses that nobody has on the
/// internet: loopback, private (RFC 1918, RFC 4193), link-local, and those of carriers (RFC 6598).
/// So the server has to tell the other end, by [`ClientAddress`] or axum's
/// `into_make_service_with_connect_info::<SocketAddr>()`, behind a proxy as well.
///
/// A proxy that passes a visitor's `X-Forwarded-For` on as it came, as a rewrite of Next.js does,
/// can say nothing about who asked *it*: name the header only if what stands before it sets one.
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
    Header(HeaderName),
}

/// Whose word about somebody else's address counts.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
enum Proxies {
    /// Whoever connects from where no visitor of the internet can.
    #[default]
    Near,
    Listed(Vec<ProxyNetwork>),
}

impl Proxies {
    fn contains(&self, address: IpAddr) -> bool {
        match self {
            Self::Near => is_near(address),
            Self::Listed(networks) => networks.iter().any(|network| network.contains(address)),
        }
    }
}

/// Whether nobody on the internet has the address.
fn is_near(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let is_shared = u32::from(address) >> 22 == 0x6440_0000 >> 22; // 100.64.0.0/10
            address.is_loopback() || address.is_private() || address.is_link_local() || is_shared
        }
        IpAddr::V6(address) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
    }
}

/// What is known about where a request came from.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct ClientOrigin {
    /// The network to count it for; none if nobody says that whose word counts.
    pub(crate) client: Option<ClientNetwork>,
    /// What the operator should know.
    pub(crate) doubt: Option<Doubt>,
}

/// Why the address is not known, or may not be what was meant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Doubt {
    /// The server does not tell the other end of the connection.
    NoConnection,
    /// A proxy is there, and nothing says where it puts the address.
    ProxyNotNamed,
    /// The proxy did not send the header, or it has no address where one was expected.
    NothingNamed,
    /// Somebody else than a proxy sent the header.
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
                 where it puts the visitor's address: write \
                 `.client_address(ClientAddressSource::forwarded_for(1))` (`forwarded_for = 1` under \
                 `[client_address]`), if it appends that to X-Forwarded-For"
            }
            Self::NothingNamed => {
                "attempts are counted by account only, because the proxy did not send the header \
                 that `client_address` names, or no address stands there"
            }
            Self::NotAProxy => {
                "the header that `client_address` names came from no proxy and was not believed: if \
                 a proxy of one's own has a public address, name it by \
                 `ClientAddressSource::sent_by` (`trusted_proxies` under `[server]`)"
            }
        }
    }
}

impl ClientAddressSource {
    /// The other end of the connection.
    ///
    /// If that is near (see [above](Self#who-is-believed)) and the request has the headers of a
    /// proxy, nobody knows who asked: nothing is counted by client then, and the log says so once.
    #[must_use]
    pub fn connection() -> Self {
        Self::default()
    }

    /// The entry of `X-Forwarded-For` that the outermost of so many proxies of one's own has
    /// appended: with one proxy the last entry, with two the last but one. What stands further
    /// left is a visitor's word.
    #[must_use]
    pub fn forwarded_for(proxies: u8) -> Self {
        Self::of(Named::ForwardedFor { proxies: proxies.max(1) })
    }

    /// The last entry of `X-Forwarded-For` that is not the address of a proxy in these networks,
    /// however many of them a request has passed. They are also who is believed.
    #[must_use]
    pub fn forwarded_through(networks: impl IntoIterator<Item = ProxyNetwork>) -> Self {
        Self::of(Named::ForwardedThrough).sent_by(networks)
    }

    /// A header with one address that the proxy sets itself, such as `CF-Connecting-IP`, whatever
    /// a visitor sent in it.
    #[must_use]
    pub fn header(name: HeaderName) -> Self {
        Self::of(Named::Header(name))
    }

    /// Which proxies are one's own, by the addresses from which they connect: nobody else is
    /// believed, and no visitor is counted by an address of theirs.
    #[must_use]
    pub fn sent_by(mut self, networks: impl IntoIterator<Item = ProxyNetwork>) -> Self {
        self.proxies = Proxies::Listed(networks.into_iter().collect());
        self
    }

    /// With what is known about the server's surroundings, unless the proxies are known already.
    #[cfg(feature = "dynamic")]
    pub(crate) fn received_from(self, networks: &[ProxyNetwork]) -> Self {
        match self.proxies {
            Proxies::Near => self.sent_by(networks.iter().copied()),
            Proxies::Listed(_) => self,
        }
    }

    fn of(named: Named) -> Self {
        Self { named, proxies: Proxies::default() }
    }

    /// Whom to count a request for.
    pub(crate) fn origin(&self, headers: &HeaderMap, extensions: &Extensions) -> ClientOrigin {
        let unknown = |doubt| ClientOrigin { client: None, doubt: Some(doubt) };
        let known =
            |address, doubt| ClientOrigin { client: Some(ClientNetwork::of(address)), doubt };
        let Some(ClientAddress(peer)) = extensions.get() else {
            return unknown(Doubt::NoConnection);
        };
        let peer = peer.to_canonical();
        if !self.proxies.contains(peer) {
            // Somebody without a proxy before them. What they say of themselves does not count.
            let is_ignored = self.proxies == Proxies::Near && self.is_named(headers);
            return known(peer, is_ignored.then_some(Doubt::NotAProxy));
        }
        let address = match &self.named {
            // Where nobody is a proxy by its address alone, the developer's browser is none.
            Named::Connection if self.proxies == Proxies::Near && !names_proxy(headers) => {
                return known(peer, None);
            }
            Named::Connection => return unknown(Doubt::ProxyNotNamed),
            Named::ForwardedFor { proxies } => {
                forwarded(headers).nth(usize::from(*proxies) - 1).flatten()
            }
            Named::ForwardedThrough => self.first_that_is_no_proxy(headers),
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
            Named::Header(name) => headers.contains_key(name),
        }
    }
}

const FORWARDED_FOR: &str = "x-forwarded-for";

/// Whether a proxy has passed the request on, as far as its headers tell. They can only take
/// somebody's word away, never give it weight.
pub(crate) fn names_proxy(headers: &HeaderMap) -> bool {
    let names = [FORWARDED.as_str(), FORWARDED_FOR, "x-forwarded-host", "x-real-ip", VIA.as_str()];
    names.into_iter().any(|name| headers.contains_key(name))
}

/// The entries of `X-Forwarded-For`, the last one first; none for what is no address.
fn forwarded(headers: &HeaderMap) -> impl Iterator<Item = Option<IpAddr>> {
    let values = headers.get_all(FORWARDED_FOR).iter().rev();
    values.flat_map(|value| value.as_bytes().rsplit(|byte| *byte == b',')).map(parse)
}

/// The address in a header that stands there once.
fn single(headers: &HeaderMap, name: &HeaderName) -> Option<IpAddr> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => parse(value.as_bytes()),
        _ => None,
    }
}

/// An address, with or without a port.
fn parse(text: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(text).ok()?.trim_matches([' ', '\t']);
    let address = text.parse().ok();
    let with_port = || text.parse().ok().map(|address: std::net::SocketAddr| address.ip());
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let address: IpAddr = address.or_else(with_port).or_else(bracketed)?;
    Some(address.to_canonical())
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

impl fmt::Display for ClientNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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

    fn network(text: &str) -> ProxyNetwork {
        text.parse().unwrap()
    }

    /// What is known of a request from `peer`, empty for a server that does not tell.
    fn origin(source: &ClientAddressSource, peer: &str, lines: &[&str]) -> ClientOrigin {
        let mut headers = HeaderMap::new();
        for line in lines {
            let (name, value) = line.split_once(": ").unwrap();
            headers.append(
                HeaderName::try_from(name).unwrap(),
                HeaderValue::from_bytes(value.as_bytes()).unwrap(),
            );
        }
        let mut extensions = Extensions::new();
        if !peer.is_empty() {
            extensions.insert(ClientAddress(peer.parse().unwrap()));
        }
        source.origin(&headers, &extensions)
    }

    /// As a socket that speaks both writes its peer's address, and as it stands in a log.
    #[test]
    fn r194_a_proxy_is_known_by_its_address_however_that_is_written() {
        for (written, meant) in [
            ("::ffff:192.0.2.7", "192.0.2.7/32"),
            ("::ffff:192.0.2.7/128", "192.0.2.7/32"),
            ("::ffff:c000:200/120", "192.0.2.0/24"),
            ("::ffff:0:0/96", "0.0.0.0/0"),
            ("2001:db8::/32", "2001:db8::/32"),
            ("192.0.2.7/24", "192.0.2.7/24"),
        ] {
            assert_eq!(network(written).to_string(), meant, "{written}");
        }
        let mapped: IpAddr = "::ffff:192.0.2.7".parse().unwrap();
        assert_eq!(ProxyNetwork::from(mapped), network("192.0.2.7"));
        let source = ClientAddressSource::forwarded_through([network("::ffff:192.0.2.0/120")]);
        for peer in ["192.0.2.7", "::ffff:192.0.2.7"] {
            let origin = origin(&source, peer, &["x-forwarded-for: 203.0.113.9, 192.0.2.8"]);
            assert_eq!(origin, known("203.0.113.9"), "{peer}");
        }
    }

    fn known(text: &str) -> ClientOrigin {
        ClientOrigin { client: Some(ClientNetwork::of(text.parse().unwrap())), doubt: None }
    }

    fn unknown(doubt: Doubt) -> ClientOrigin {
        ClientOrigin { client: None, doubt: Some(doubt) }
    }

    const SPOOFED: [&str; 2] = ["x-forwarded-for: 198.51.100.9", "x-real-ip: 198.51.100.9"];
    const STRANGER: &str = "192.0.2.1";

    #[test]
    fn r081_a_visitors_own_headers_are_not_believed() {
        let connection = ClientAddressSource::connection();
        assert_eq!(origin(&connection, STRANGER, &SPOOFED), known(STRANGER));

        let one = ClientAddressSource::forwarded_for(1);
        let two = ClientAddressSource::forwarded_for(2);
        let lines = ["x-forwarded-for: 198.51.100.9, 203.0.113.5", "x-forwarded-for: 203.0.113.6"];
        for proxy in ["127.0.0.1", "10.0.0.2", "::ffff:172.16.0.9", "fd00::1", "100.64.0.7"] {
            assert_eq!(origin(&one, proxy, &lines), known("203.0.113.6"));
            assert_eq!(origin(&two, proxy, &lines), known("203.0.113.5"));
            // Fewer entries than proxies, or no address: nobody is counted by the proxy's address.
            let nothing = unknown(Doubt::NothingNamed);
            assert_eq!(origin(&two, proxy, &["x-forwarded-for: 198.51.100.9"]), nothing);
            assert_eq!(origin(&one, proxy, &["x-forwarded-for: unknown"]), nothing);
            assert_eq!(origin(&one, proxy, &["x-forwarded-for: 203.0.113.6, \u{e9}"]), nothing);
            assert_eq!(origin(&one, proxy, &[]), nothing);
        }

        let header = ClientAddressSource::header(HeaderName::from_static("x-real-ip"));
        let proxy = "127.0.0.1";
        assert_eq!(origin(&header, proxy, &["x-real-ip: 203.0.113.5"]), known("203.0.113.5"));
        let twice = ["x-real-ip: 198.51.100.9", "x-real-ip: 203.0.113.5"];
        assert_eq!(origin(&header, proxy, &twice), unknown(Doubt::NothingNamed));
        for source in [connection, one, two, header] {
            assert_eq!(origin(&source, "", &SPOOFED), unknown(Doubt::NoConnection));
        }
    }

    #[test]
    fn r194_a_header_counts_only_from_a_proxy() {
        let header = || ClientAddressSource::header(HeaderName::from_static("x-real-ip"));
        let doubted = ClientOrigin { doubt: Some(Doubt::NotAProxy), ..known(STRANGER) };
        for source in [ClientAddressSource::forwarded_for(1), header()] {
            assert_eq!(origin(&source, STRANGER, &SPOOFED), doubted);
            assert_eq!(origin(&source, STRANGER, &[]), known(STRANGER));
            // Where the proxies are listed, near is not enough and far is no doubt.
            let source = source.sent_by([network("203.0.113.0/24")]);
            assert_eq!(origin(&source, "127.0.0.1", &SPOOFED), known("127.0.0.1"));
            assert_eq!(origin(&source, STRANGER, &SPOOFED), known(STRANGER));
            assert_eq!(origin(&source, "203.0.113.8", &SPOOFED), known("198.51.100.9"));
        }
    }

    #[test]
    fn r194_a_chain_is_followed_from_the_right_past_ones_own_proxies() {
        let networks = [network("10.0.0.0/8"), network("127.0.0.1"), network("2001:db8::/32")];
        let source = ClientAddressSource::forwarded_through(networks);
        for (peer, entries, expected) in [
            ("10.0.0.1", "203.0.113.5", Some("203.0.113.5")),
            ("10.0.0.1", "198.51.100.9, 203.0.113.5", Some("203.0.113.5")),
            ("127.0.0.1", "198.51.100.9, 203.0.113.5, 10.0.0.9, 10.1.2.3", Some("203.0.113.5")),
            ("2001:db8::1", "198.51.100.9,203.0.113.5:99,[2001:DB8::2]:80", Some("203.0.113.5")),
            ("10.0.0.1", "203.0.113.5, ::ffff:10.0.0.7", Some("203.0.113.5")),
            // A proxy asks on its own behalf.
            ("10.0.0.1", "10.0.0.7, 10.0.0.8", Some("10.0.0.7")),
            // What is left of junk may be anything.
            ("10.0.0.1", "203.0.113.5, junk, 10.0.0.9", None),
            ("10.0.0.1", "203.0.113.5,", None),
            ("10.0.0.1", "", None),
        ] {
            let line = format!("x-forwarded-for: {entries}");
            let expected = expected.map_or_else(|| unknown(Doubt::NothingNamed), known);
            assert_eq!(origin(&source, peer, &[&line]), expected, "{peer}: {entries}");
        }
        assert_eq!(origin(&source, STRANGER, &SPOOFED), known(STRANGER));
        assert_eq!(origin(&source, "10.0.0.1", &[]), unknown(Doubt::NothingNamed));
    }

    #[test]
    fn r194_no_visitor_is_counted_by_a_proxys_address() {
        let connection = ClientAddressSource::connection();
        let not_named = unknown(Doubt::ProxyNotNamed);
        for line in ["x-forwarded-for: 1.2.3.4", "forwarded: for=1.2.3.4", "x-forwarded-host: a.b"]
        {
            assert_eq!(origin(&connection, "127.0.0.1", &[line]), not_named);
            assert_eq!(origin(&connection, "172.18.0.2", &[line]), not_named);
        }
        // The developer's browser, and one in a house.
        for peer in ["127.0.0.1", "::1", "192.168.1.7"] {
            assert_eq!(origin(&connection, peer, &[]), known(peer));
        }
        let listed = connection.sent_by([network("127.0.0.0/8")]);
        assert_eq!(origin(&listed, "127.0.0.1", &[]), not_named);
        assert_eq!(origin(&listed, "10.0.0.1", &SPOOFED), known("10.0.0.1"));
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
            let address = parse(text.as_bytes()).unwrap();
            assert_eq!(ClientNetwork::of(address).to_string(), expected, "{text}");
        }
        for bad in ["", "unknown", "_hidden", "203.0.113.5.6", "1.2.3", "203.0.113.05"] {
            assert_eq!(parse(bad.as_bytes()), None, "{bad}");
        }
    }
}
