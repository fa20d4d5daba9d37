//! Where Redis is: one server, the nodes of a cluster, or a primary that Sentinels name.

use std::fmt;

#[cfg(not(feature = "redis-cluster"))]
use crate::rule::feature::{Features, RedisCluster};

/// Where Redis is. The address of one server is a text; the others have a constructor.
///
/// ```
/// use typegate::adapter::RedisAddress;
///
/// let one = RedisAddress::from("rediss://:password@redis.internal");
/// let watched = RedisAddress::sentinel(
///     ["redis://sentinel-1:26379", "redis://sentinel-2:26379", "redis://sentinel-3:26379"],
///     "redis://:password@mymaster",
/// );
/// // No address in it, which may have a password.
/// assert_eq!(format!("{one:?} {watched:?}"), "RedisAddress(server) RedisAddress(3 Sentinels)");
/// ```
#[derive(Clone)]
pub struct RedisAddress(pub(super) Servers);

#[derive(Clone)]
pub(super) enum Servers {
    Server(String),
    Sentinel {
        sentinels: Vec<String>,
        /// With the name of the primary for a host.
        primary: String,
    },
    #[cfg(feature = "redis-cluster")]
    Cluster(Vec<String>),
}

#[typegate_macros::__unquoted]
impl RedisAddress {
    /// Redis Cluster, by some of its nodes, which name the others: `rediss://user:password@host:6379`,
    /// with the same user, password and `rediss://` or `redis://` for each. Nodes go by the names
    /// that they announce, so a certificate has to be for those.
    ///
    /// Reads and writes go to primaries only. Where a node is lost, calls for its part of the keys
    /// wait for its successor as long as the deadline allows, and are errors then.
    ///
    /// ```
    /// use typegate::adapter::RedisAddress;
    ///
    /// let nodes = ["rediss://:password@redis-1:6379", "rediss://:password@redis-2:6379"];
    /// assert_eq!(format!("{:?}", RedisAddress::cluster(nodes)), "RedisAddress(cluster)");
    /// ```
    #[cfg(feature = "redis-cluster")]
    #[must_use]
    pub fn cluster(nodes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self(Servers::Cluster(nodes.into_iter().map(Into::into).collect()))
    }

    #[cfg(not(feature = "redis-cluster"))]
    #[doc(hidden)]
    #[must_use]
    pub fn cluster<N>(_: N) -> Self
    where
        for<'a> Features<'a>: RedisCluster,
    {
        Features::absent()
    }

    /// The primary that Redis Sentinel has chosen, asked for again whenever it is lost or is none
    /// any more.
    ///
    /// The address of the primary has its name for a host, as in `sentinel monitor mymaster …`, and
    /// says how to sign in there: `rediss://user:password@mymaster/0`. Each address of a Sentinel
    /// says the same for that Sentinel.
    ///
    /// ```
    /// use typegate::adapter::RedisAddress;
    ///
    /// let sentinels = ["redis://sentinel-1:26379", "redis://sentinel-2:26379"];
    /// let address = RedisAddress::sentinel(sentinels, "redis://:password@mymaster");
    /// assert_eq!(format!("{address:?}"), "RedisAddress(2 Sentinels)");
    /// ```
    #[must_use]
    pub fn sentinel(
        sentinels: impl IntoIterator<Item = impl Into<String>>,
        primary: impl Into<String>,
    ) -> Self {
        let sentinels = sentinels.into_iter().map(Into::into).collect();
        Self(Servers::Sentinel { sentinels, primary: primary.into() })
    }
}

impl From<&str> for RedisAddress {
    fn from(url: &str) -> Self {
        url.to_owned().into()
    }
}

impl From<&String> for RedisAddress {
    fn from(url: &String) -> Self {
        url.clone().into()
    }
}

impl From<String> for RedisAddress {
    fn from(url: String) -> Self {
        Self(Servers::Server(url))
    }
}

impl fmt::Debug for RedisAddress {
    /// No address, which may have a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Servers::Server(_) => write!(f, "RedisAddress(server)"),
            Servers::Sentinel { sentinels, .. } => {
                write!(f, "RedisAddress({} Sentinels)", sentinels.len())
            }
            #[cfg(feature = "redis-cluster")]
            Servers::Cluster(_) => write!(f, "RedisAddress(cluster)"),
        }
    }
}
