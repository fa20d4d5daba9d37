//! Opening connections: to one server, to the primary that a Sentinel names, to a cluster. What
//! cannot work is found when the application starts, and not at the first sign-in.

use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
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

/// The longest pause between two attempts to connect to a server.
const RECONNECT_PAUSE: Duration = Duration::from_millis(500);

/// The pause before the Sentinels are asked again: they need seconds to agree.
const ELECTION_PAUSE: Duration = Duration::from_millis(100);

/// Of the deadline, what one host may take for itself that others could stand in for.
const SHARE_OF_A_HOST: u32 = 4;

/// Opens connections to servers.
pub(super) struct Opener {
    clients: Clients,
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
        let key_prefix = options.key_prefix.clone();
        Ok(Self { clients, deadline: options.deadline, key_prefix })
    }

    /// Opens a first connection. What is wrong with the address is an error at once.
    pub(super) async fn open(&self) -> Result<Link, Failure> {
        match &self.clients {
            Clients::One(client) => {
                let link = self.to_server(client)?;
                self.ask(&link, &cmd("PING")).await?;
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

    /// Opens a connection in the place of one that was lost, and waits for a primary to be chosen.
    pub(super) async fn open_again(&self) -> Result<Link, Failure> {
        match &self.clients {
            Clients::One(client) => self.to_server(client),
            Clients::Sentinel { .. } => loop {
                if let Ok(link) = self.to_primary().await {
                    return Ok(link);
                }
                tokio::time::sleep(ELECTION_PAUSE).await;
            },
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

    /// Whether a connection is to be left for another one. It is not lost until TCP gives up, a
    /// quarter of an hour or more, and everybody shares it. One to a server that has become a
    /// replica is not lost at all.
    pub(super) fn leaves_after(&self, failure: &Failure) -> bool {
        match &self.clients {
            Clients::Sentinel { .. } => failure.loses_primary(),
            _ => matches!(failure, Failure::Deadline(_) | Failure::Replica),
        }
    }

    fn to_server(&self, client: &Client) -> Result<Link, Failure> {
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(self.deadline))
            .set_response_timeout(Some(self.deadline))
            .set_max_delay(RECONNECT_PAUSE);
        let manager = ConnectionManager::new_lazy_with_config(client.clone(), config);
        manager.map(Link::Server).map_err(Failure::Driver)
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
            let mut sentinel = self.connect(sentinel).await?;
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
        let link = Link::Primary(self.connect(&client).await.map_err(Failure::of_server)?);
        self.probe(&link).await?;
        Ok(link)
    }

    async fn connect(&self, to: &Client) -> Result<redis::aio::MultiplexedConnection, RedisError> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(self.deadline / SHARE_OF_A_HOST))
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

    async fn ask(&self, link: &Link, command: &redis::Cmd) -> Result<(), Failure> {
        let answer = link.clone().query::<String>(Commands::One(command)).await;
        answer.map(drop).map_err(|error| self.failure(error))
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
    let tls = tls.filter(|_| is_tls(&primary));
    Ok(Clients::Sentinel { sentinels: clients, name, primary, tls })
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
