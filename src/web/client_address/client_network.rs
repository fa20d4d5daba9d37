//! The network of a client, by which attempts are counted.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// The part of an address that one visitor cannot change at will: an IPv4 address, or the /64 of
/// an IPv6 address. An IPv4-mapped IPv6 address (`::ffff:192.0.2.7`) counts as IPv4.
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
