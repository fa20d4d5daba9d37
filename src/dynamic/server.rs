//! Settings of `typegate serve`: where it listens, and to whom.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use jiff::Timestamp;

use super::key;
use super::problem::Problems;
use super::reader::Table;
use super::upkeep::Upkeep;
use crate::adapter::DeletedRows;
use crate::error::AdapterError;
use crate::web::client_address::ProxyNetwork;

/// The table `[server]`, with its defaults.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ServerSettings {
    /// Where to listen.
    pub address: SocketAddr,
    /// Where metrics are served, if they are.
    pub metrics_address: Option<SocketAddr>,
    /// The proxies: who may connect where their headers are trusted, and by whose addresses no
    /// visitor is counted.
    pub trusted_proxies: Vec<ProxyNetwork>,
    /// Whether they are.
    pub trusts_proxy: bool,
    /// How many connections there may be.
    pub max_connections: usize,
    /// How many a client may have, a network of 64 bits being one client. A proxy is none.
    pub max_connections_per_client: usize,
    /// How long a client may take for the head of a request; waiting for a next request is part of
    /// it.
    pub head_deadline: Duration,
    /// How long a request may take from its head to its answer, the body included.
    pub request_deadline: Duration,
    /// How long a client may take for the next kibibyte of an answer.
    pub write_deadline: Duration,
    /// Whether the configuration names the proxies.
    pub(super) lists_proxies: bool,
    /// Of the database that the configuration names.
    pub(super) upkeep: Option<Upkeep>,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 3000)),
            metrics_address: None,
            trusted_proxies: vec![
                IpAddr::from(Ipv4Addr::LOCALHOST).into(),
                IpAddr::from(Ipv6Addr::LOCALHOST).into(),
            ],
            trusts_proxy: false,
            // Most systems give a process 1,024 files.
            max_connections: 900,
            max_connections_per_client: 100,
            head_deadline: Duration::from_secs(30),
            // An identity provider is given 3.5 s for each of a handful of calls.
            request_deadline: Duration::from_secs(30),
            write_deadline: Duration::from_secs(20),
            lists_proxies: false,
            upkeep: None,
        }
    }
}

impl ServerSettings {
    /// Whether this peer may ask.
    #[must_use]
    pub fn admits(&self, peer: IpAddr) -> bool {
        !self.trusts_proxy || self.is_proxy(peer)
    }

    /// Whether this peer is one of the trusted proxies.
    #[must_use]
    pub fn is_proxy(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        self.trusted_proxies.iter().any(|network| network.contains(peer))
    }

    /// Removes what has ended from the database that the configuration names, as
    /// [`ExpiredRows`](crate::adapter::ExpiredRows) does. Nothing if it names none.
    ///
    /// # Errors
    ///
    /// [`AdapterError`] if the database does not answer.
    pub async fn delete_expired(
        &self,
        now: Timestamp,
    ) -> Result<Option<DeletedRows>, AdapterError> {
        match &self.upkeep {
            Some(upkeep) => upkeep.delete_expired(now).await.map(Some),
            None => Ok(None),
        }
    }

    /// Fails unless the database that the configuration names answers a query. Nothing is asked if
    /// it names none.
    ///
    /// # Errors
    ///
    /// [`AdapterError`] if the database does not answer.
    pub async fn ask_database(&self) -> Result<(), AdapterError> {
        match &self.upkeep {
            Some(upkeep) => upkeep.ask().await,
            None => Ok(()),
        }
    }

    /// Closes the database that the configuration names, as
    /// [`SqlAdapter::close`](crate::adapter::SqlAdapter::close) does, when nobody is served any more.
    /// Nothing if it names none.
    ///
    /// # Errors
    ///
    /// [`AdapterError`] if what SQLite keeps beside its file could not be written into it.
    pub async fn close_database(&self) -> Result<(), AdapterError> {
        match &self.upkeep {
            Some(upkeep) => upkeep.close().await,
            None => Ok(()),
        }
    }

    pub(super) fn read(root: &Table<'_>, problems: &mut Problems) -> Self {
        let mut settings = Self::default();
        let Some(table) = root.table("server", &key::SERVER, problems) else { return settings };
        let mut socket = |key, advice| {
            let address = table.text(key, problems)?;
            let parsed = address.value.parse();
            if parsed.is_err() {
                let reason = "the address is not an IP address with a port";
                problems.value(address.spot, reason, advice);
            }
            parsed.ok()
        };
        let advice =
            "write `address = \"127.0.0.1:3000\"`, or `\"0.0.0.0:3000\"` for all interfaces";
        settings.address = socket("address", advice).unwrap_or(settings.address);
        settings.metrics_address =
            socket("metrics_address", "write `metrics_address = \"127.0.0.1:9464\"`");
        if table.get("trusted_proxies").is_some() {
            settings.trusted_proxies.clear();
            settings.lists_proxies = true;
        }
        settings.trusted_proxies.extend(proxy_networks(&table, "trusted_proxies", problems));
        for (key, setting) in [
            ("max_connections", &mut settings.max_connections),
            ("max_connections_per_client", &mut settings.max_connections_per_client),
        ] {
            let Some(given) = table.count(key, problems) else { continue };
            match usize::try_from(given.value) {
                Ok(count) if count > 0 => *setting = count,
                _ => problems.value(given.spot, "nobody could connect", "write 1 or more"),
            }
        }
        for (key, setting) in [
            ("head_deadline", &mut settings.head_deadline),
            ("request_deadline", &mut settings.request_deadline),
            ("write_deadline", &mut settings.write_deadline),
        ] {
            let Some(given) = table.seconds(key, problems) else { continue };
            match given.value {
                0 => problems.value(given.spot, "nobody is so fast", "write 1 or more"),
                seconds => *setting = Duration::from_secs(seconds.into()),
            }
        }
        settings
    }
}

/// Reads a list of addresses and networks.
pub(super) fn proxy_networks(
    table: &Table<'_>,
    key: &str,
    problems: &mut Problems,
) -> Vec<ProxyNetwork> {
    let mut networks = Vec::new();
    for proxy in table.texts(key, problems) {
        match proxy.value.parse() {
            Ok(network) => networks.push(network),
            Err(_) => problems.value(
                proxy.spot,
                "this is neither an IP address nor a network",
                "write `\"10.0.0.7\"` or `\"10.0.0.0/8\"`",
            ),
        }
    }
    networks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_are_admitted_only_where_no_header_is_trusted() {
        let mut settings = ServerSettings::default();
        let (near, far) = ("127.0.0.1".parse().unwrap(), "203.0.113.7".parse().unwrap());
        assert!(settings.admits(near) && settings.admits(far));
        assert!(settings.is_proxy(near) && !settings.is_proxy(far));
        settings.trusts_proxy = true;
        assert!(settings.admits(near) && !settings.admits(far));
        // An IPv4 peer of a socket that speaks both.
        assert!(settings.admits("::ffff:127.0.0.1".parse().unwrap()));
        settings.trusted_proxies = vec!["203.0.113.0/24".parse().unwrap()];
        assert!(settings.admits(far) && !settings.admits(near));
    }
}
