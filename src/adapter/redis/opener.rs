//! Opening connections: to one server, to the primary that a Sentinel names, to a cluster. What
//! cannot work is found when the application starts, and not at the first sign-in.

use std::sync::Arc;
use std::time::{Duration, Instant};

use redis::aio::MultiplexedConnection;
#[cfg(feature = "redis-cluster")]
use redis::cluster::ClusterClient;
use redis::{
    AsyncConnectionConfig, Client, ConnectionAddr, ConnectionInfo, ErrorKind,
    IntoConnectionInfo as _, RedisError, ServerErrorKind, TlsCertificates, cmd,
};

use super::address::Servers;
use super::failure::Failure;
use super::link::{Commands, Link};
use super::options::RedisOptions;
use crate::adapter::database_url::{DatabaseUrl, of_redis};
use crate::crypto::install_tls_provider;
use crate::error::AdapterError;
use crate::log::warning;

/// The pause before the Sentinels are asked again: they need seconds to agree.
const ELECTION_PAUSE: Duration = Duration::from_millis(100);

/// Of the deadline, what one host may take for itself that others could stand in for.
const SHARE_OF_A_HOST: u32 = 4;

/// Opens connections to servers.
pub(super) struct Opener {
    clients: Clients,
    /// What they are and where, without a password.
    place: Arc<str>,
    deadline: Duration,
    key_prefix: String,
}

enum Clients {
    One(Client),
    Sentinel {
        sentinels: Vec<Client>,
        name: String,
        /// Of the primary, whatever its host is.
        primary: ConnectionInfo,
        tls: Option<TlsCertificates>,
    },
    #[cfg(feature = "redis-cluster")]
    Cluster(Box<ClusterClient>),
}

impl Opener {
    pub(super) fn new(servers: &Servers, options: &RedisOptions) -> Result<Self, AdapterError> {
        install_tls_provider();
        let tls = options.tls.certificates();
        let clients = match servers {
            Servers::Server(url) => Clients::One(client(read(url)?, tls.as_ref())?),
            Servers::Sentinel { sentinels, primary } => watched(sentinels, primary, tls)?,
            #[cfg(feature = "redis-cluster")]
            Servers::Cluster(nodes) => {
                Clients::Cluster(Box::new(cluster_client(nodes, tls, options.deadline)?))
            }
        };
        let place = place(servers, &clients).into();
        let key_prefix = options.key_prefix.clone();
        Ok(Self { clients, place, deadline: options.deadline, key_prefix })
    }

    pub(super) fn place(&self) -> &Arc<str> {
        &self.place
    }

    /// Opens a first connection. What is wrong with the address is an error at once.
    pub(super) async fn open(&self) -> Result<Link, Failure> {
        match &self.clients {
            Clients::One(client) => {
                let link = self.to_server(client, self.deadline).await?;
                self.ping(&link).await?;
                self.probe(&link).await?;
                Ok(link)
            }
            Clients::Sentinel { .. } => self.to_primary().await,
            #[cfg(feature = "redis-cluster")]
            Clients::Cluster(client) => {
                let opened = client.get_async_connection().await.map(Link::Cluster);
                let link = opened.map_err(Failure::of_cluster)?;
                self.probe(&link).await?;
                Ok(link)
            }
        }
    }

    /// Opens a connection in the place of one that was lost. The first time it waits for a primary to
    /// be chosen, and fails early enough for its caller to be told why.
    pub(super) async fn open_again(&self, is_first: bool) -> Result<Link, Failure> {
        match &self.clients {
            Clients::One(client) => self.to_server(client, self.deadline / 2).await,
            Clients::Sentinel { .. } => {
                let start = Instant::now();
                loop {
                    match self.to_primary().await {
                        Err(_) if is_first && start.elapsed() < self.deadline / 2 => {
                            tokio::time::sleep(ELECTION_PAUSE).await;
                        }
                        opened => return opened,
                    }
                }
            }
            #[cfg(feature = "redis-cluster")]
            Clients::Cluster(_) => self.open().await,
        }
    }

    /// Whether a connection is to several servers, of which one may be lost.
    pub(super) fn is_of_several(&self) -> bool {
        match &self.clients {
            #[cfg(feature = "redis-cluster")]
            Clients::Cluster(_) => true,
            _ => false,
        }
    }

    /// What an error means, coming from there.
    pub(super) fn failure(&self, error: RedisError) -> Failure {
        match &self.clients {
            _ if error.is_timeout() => Failure::Deadline(self.deadline),
            #[cfg(feature = "redis-cluster")]
            Clients::Cluster(_) => Failure::of_cluster(error),
            _ => Failure::of_server(error),
        }
    }

    /// Whether a connection is to be left for another one. One that went silent is not lost until TCP
    /// gives up, a quarter of an hour or more, and everybody shares it. One to a server that has
    /// become a replica is not lost at all. That to a cluster finds its nodes again by itself.
    pub(super) fn leaves_after(&self, failure: &Failure) -> bool {
        match self.is_of_several() {
            true => matches!(failure, Failure::Deadline(_)) || failure.is_unreachable(),
            false => failure.loses_server(),
        }
    }

    async fn to_server(&self, client: &Client, patience: Duration) -> Result<Link, Failure> {
        let connected = self.connect(client, patience).await;
        connected.map(Link::Server).map_err(|error| self.failure(error))
    }

    /// Asks one Sentinel after the other, as Redis's guidelines for clients of Sentinel say, and
    /// believes none: the server itself has to be a primary.
    async fn to_primary(&self) -> Result<Link, Failure> {
        let Clients::Sentinel { sentinels, name, primary, tls } = &self.clients else {
            return Err(Failure::NoAddress);
        };
        let mut last = Failure::NoAddress;
        for sentinel in sentinels {
            match self.named_by(sentinel, name, primary, tls.as_ref()).await {
                Ok(link) => return Ok(link),
                Err(failure) => last = failure,
            }
        }
        Err(last)
    }

    async fn named_by(
        &self,
        sentinel: &Client,
        name: &str,
        primary: &ConnectionInfo,
        tls: Option<&TlsCertificates>,
    ) -> Result<Link, Failure> {
        let mut which = cmd("SENTINEL");
        which.arg("GET-MASTER-ADDR-BY-NAME").arg(name);
        let named: Result<Option<(String, u16)>, _> = async {
            let mut sentinel = self.connect(sentinel, self.share()).await?;
            which.query_async(&mut sentinel).await
        }
        .await;
        let (host, port) = named.map_err(Failure::of_sentinel)?.ok_or(Failure::UnknownPrimary)?;
        let address = match primary.addr() {
            ConnectionAddr::TcpTls { .. } => {
                ConnectionAddr::TcpTls { host, port, insecure: false, tls_params: None }
            }
            _ => ConnectionAddr::Tcp(host, port),
        };
        let client = client(primary.clone().set_addr(address), tls)?;
        let link = self.to_server(&client, self.share()).await?;
        self.probe(&link).await?;
        Ok(link)
    }

    fn share(&self) -> Duration {
        self.deadline / SHARE_OF_A_HOST
    }

    async fn connect(
        &self,
        to: &Client,
        patience: Duration,
    ) -> Result<MultiplexedConnection, RedisError> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(patience))
            .set_response_timeout(Some(self.deadline));
        to.get_multiplexed_async_connection_with_config(&config).await
    }

    /// Writes nothing, by a command that only a primary takes, and to keys in many parts of a
    /// cluster, so that a node of one that is taken for a server says so.
    async fn probe(&self, link: &Link) -> Result<(), Failure> {
        const KEYS: u32 = 16;
        let commands: Vec<_> = (0..KEYS)
            .map(|number| {
                let mut nothing = cmd("ZREM");
                nothing.arg(format!("{}probe:{number}", self.key_prefix)).arg("");
                nothing
            })
            .collect();
        match link.clone().query::<Vec<u64>>(Commands::Each(&commands)).await {
            // Somebody who may not ask that is not to be stopped by it.
            Err(error) if error.kind() == ErrorKind::Server(ServerErrorKind::NoPerm) => Ok(()),
            Err(error) => Err(self.failure(error)),
            Ok(_) => Ok(()),
        }
    }

    pub(super) async fn ping(&self, link: &Link) -> Result<(), Failure> {
        let answer = link.clone().query::<String>(Commands::One(&cmd("PING"))).await;
        answer.map(drop).map_err(|error| self.failure(error))
    }
}

/// What is connected to and where, in words.
fn place(servers: &Servers, clients: &Clients) -> String {
    let of = |address: &ConnectionInfo| format!("`{}`", address.addr());
    match (clients, servers) {
        (Clients::One(client), _) => format!("Redis at {}", of(client.get_connection_info())),
        (Clients::Sentinel { sentinels, name, .. }, _) => {
            let sentinels = sentinels.iter().map(|client| of(client.get_connection_info()));
            let sentinels: Vec<_> = sentinels.collect();
            format!("Redis, primary `{name}` of the Sentinels {}", sentinels.join(", "))
        }
        #[cfg(feature = "redis-cluster")]
        (Clients::Cluster(_), Servers::Cluster(nodes)) => {
            // They have been read before.
            let nodes = nodes.iter().filter_map(|node| read(node).ok());
            let nodes: Vec<_> = nodes.map(|node| of(&node)).collect();
            format!("Redis Cluster of {}", nodes.join(", "))
        }
        #[cfg(feature = "redis-cluster")]
        (Clients::Cluster(_), _) => "Redis Cluster".to_owned(),
    }
}

/// The Sentinels, and the primary that they are asked for.
fn watched(
    sentinels: &[String],
    primary: &str,
    tls: Option<TlsCertificates>,
) -> Result<Clients, AdapterError> {
    let primary = read(primary)?;
    let (ConnectionAddr::Tcp(name, _) | ConnectionAddr::TcpTls { host: name, .. }) = primary.addr()
    else {
        return Err(Failure::UnknownPrimary.into());
    };
    let name = name.clone();
    let (mut clients, mut asks_for_tls) = (Vec::new(), is_tls(&primary));
    for sentinel in sentinels {
        let sentinel = read(sentinel)?;
        asks_for_tls |= is_tls(&sentinel);
        // Those without TLS may stand in front of a primary with it, and the other way round.
        let tls = tls.as_ref().filter(|_| is_tls(&sentinel));
        clients.push(client(sentinel, tls)?);
    }
    if tls.is_some() && !asks_for_tls {
        return Err(Failure::NoTls.into());
    }
    let are_encrypted = clients.iter().all(|client| is_tls(client.get_connection_info()));
    if let Some(text) = unencrypted(&name, are_encrypted, is_tls(&primary)) {
        warning(&text);
    }
    let tls = tls.filter(|_| is_tls(&primary));
    Ok(Clients::Sentinel { sentinels: clients, name, primary, tls })
}

/// What passes without TLS where the other half has it: as a rule somebody forgot an `s`.
fn unencrypted(name: &str, sentinels: bool, primary: bool) -> Option<String> {
    match (sentinels, primary) {
        (true, false) => Some(format!(
            "Redis, primary `{name}`: the Sentinels are asked with TLS, and the primary is not: its \
             password, and all sessions with their tokens, can be read and changed on the network \
             between. Write `rediss://{name}` for its address"
        )),
        (false, true) => Some(format!(
            "Redis, primary `{name}`: the primary is spoken to with TLS, and a Sentinel is asked \
             without: its password can be read on the network between, and it can be made to name \
             another server, which only the certificate of that one stops. Write `rediss://` for \
             every Sentinel"
        )),
        _ => None,
    }
}

#[cfg(feature = "redis-cluster")]
fn cluster_client(
    nodes: &[String],
    tls: Option<TlsCertificates>,
    deadline: Duration,
) -> Result<ClusterClient, AdapterError> {
    // The waits between two attempts, in milliseconds. The deadline ends them.
    const SHORTEST: u64 = 50;
    const LONGEST: u64 = 500;
    const ATTEMPTS: u32 = 32;
    let nodes = nodes.iter().map(|node| read(node)).collect::<Result<Vec<_>, _>>()?;
    if nodes.is_empty() {
        return Err(Failure::NoAddress.into());
    }
    if tls.is_some() && !nodes.iter().all(is_tls) {
        return Err(Failure::NoTls.into());
    }
    let mut client = ClusterClient::builder(nodes)
        .connection_timeout(deadline / SHARE_OF_A_HOST)
        .response_timeout(deadline)
        .min_retry_wait(SHORTEST)
        .max_retry_wait(LONGEST)
        .retries(ATTEMPTS);
    if let Some(tls) = tls {
        client = client.certs(tls);
    }
    Ok(client.build().map_err(Failure::Driver)?)
}

/// Judges an address and reads it.
fn read(url: &str) -> Result<ConnectionInfo, AdapterError> {
    let url = DatabaseUrl::parse(url, of_redis(url))?;
    Ok(url.text().into_connection_info().map_err(Failure::Driver)?)
}

fn client(address: ConnectionInfo, tls: Option<&TlsCertificates>) -> Result<Client, Failure> {
    match tls {
        Some(_) if !is_tls(&address) => Err(Failure::NoTls),
        Some(tls) => Client::build_with_tls(address, tls.clone()).map_err(Failure::Driver),
        None => Client::open(address).map_err(Failure::Driver),
    }
}

fn is_tls(address: &ConnectionInfo) -> bool {
    matches!(address.addr(), ConnectionAddr::TcpTls { .. })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r216_what_passes_without_tls_beside_tls_is_told() {
        for is_encrypted in [true, false] {
            assert_eq!(unencrypted("mymaster", is_encrypted, is_encrypted), None);
        }
        let told = unencrypted("mymaster", true, false).unwrap();
        assert!(told.contains("all sessions") && told.contains("`rediss://mymaster`"), "{told}");
        let told = unencrypted("mymaster", false, true).unwrap();
        assert!(told.contains("a Sentinel is asked without"), "{told}");
    }
}
