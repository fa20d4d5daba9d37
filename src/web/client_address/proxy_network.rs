//! The networks of an application's own proxies, and the rule for who counts as one.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::{IpNet, Ipv4Net};

use crate::error::ConfigError;

/// A network of the application's own proxies: an address, or a prefix of addresses.
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
    /// An IPv4-mapped IPv6 network (RFC 4291 section 2.5.5.2) is the IPv4 network, as a mapped
    /// address is the IPv4 address.
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

/// The proxies whose word about a visitor's address counts.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) enum Proxies {
    /// Whoever connects from an address that nobody on the internet can have.
    #[default]
    Near,
    Listed(Vec<ProxyNetwork>),
}

impl Proxies {
    /// Those that were named, if any were.
    pub(crate) fn listed(&self) -> Option<&[ProxyNetwork]> {
        match self {
            Self::Near => None,
            Self::Listed(networks) => Some(networks),
        }
    }

    pub(crate) fn contains(&self, address: IpAddr) -> bool {
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
