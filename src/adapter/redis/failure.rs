//! What can go wrong with Redis, and what to write instead where the address is to blame.

use std::time::Duration;

use redis::{RedisError, ServerError, ServerErrorKind};

use crate::error::AdapterError;

/// What to write for a cluster.
const CLUSTER: &str = if cfg!(feature = "redis-cluster") {
    "write `RedisAddress::cluster([…])`"
} else {
    "turn on typegate's feature `redis-cluster` and write `RedisAddress::cluster([…])`"
};

/// A failed command. No variant repeats a value.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("the server did not answer within {0:?}")]
    Deadline(Duration),
    #[error("the key does not hold {0}")]
    Unreadable(&'static str),
    #[error(
        "the server does not know a command that Redis 7.0 has; a Sentinel does not either: \
             write `RedisAddress::sentinel([…], …)` for those"
    )]
    OldServer,
    #[error("the server is a node of a cluster, and the key is at another one: {CLUSTER}")]
    ClusterNode,
    #[cfg(feature = "redis-cluster")]
    #[error(
        "the server is no node of a cluster: write its address without `RedisAddress::cluster`"
    )]
    NoCluster,
    #[error(
        "the server is a replica, which takes no writes: write the address of the primary, or \
             `RedisAddress::sentinel([…], …)`"
    )]
    Replica,
    #[error("the server is no Sentinel: write its address without `RedisAddress::sentinel`")]
    NoSentinel,
    #[error(
        "no Sentinel knows a primary of this name: write the name of `sentinel monitor …` as \
             the host in the address of the primary, as in `redis://:password@mymaster`"
    )]
    UnknownPrimary,
    #[error("there is no address of a server")]
    NoAddress,
    #[error("certificates are given, and no address asks for TLS: write `rediss://` in front")]
    NoTls,
    #[error(transparent)]
    Driver(RedisError),
    #[error("the key exists")]
    Duplicate,
    /// There is no user for a session that needs one.
    #[error("no user has this id")]
    NoUser,
}

impl Failure {
    /// An answer of one server.
    pub(super) fn of_server(error: RedisError) -> Self {
        use ServerErrorKind::{Ask, ClusterDown, CrossSlot, MasterDown, Moved, ReadOnly};
        let is = |kinds: &[ServerErrorKind]| {
            has(&error, |error| error.kind().is_some_and(|kind| kinds.contains(&kind)))
        };
        if is(&[Moved, Ask, CrossSlot, ClusterDown]) {
            Self::ClusterNode
        } else if is(&[ReadOnly, MasterDown]) {
            Self::Replica
        } else if is_unknown_command(&error) {
            Self::OldServer
        } else {
            Self::Driver(error)
        }
    }

    /// What is left of an answer after the client of a cluster went where it pointed to.
    #[cfg(feature = "redis-cluster")]
    pub(super) fn of_cluster(error: RedisError) -> Self {
        let has_no_cluster = |text: &str| text.contains("cluster support disabled");
        if has(&error, |error| error.details().is_some_and(has_no_cluster)) {
            Self::NoCluster
        } else if is_unknown_command(&error) {
            Self::OldServer
        } else {
            Self::Driver(error)
        }
    }

    /// An answer where a Sentinel was expected.
    pub(super) fn of_sentinel(error: RedisError) -> Self {
        if is_unknown_command(&error) { Self::NoSentinel } else { Self::Driver(error) }
    }

    /// Whether the connection to a primary is of no more use.
    pub(super) fn loses_primary(&self) -> bool {
        match self {
            Self::Driver(error) => error.is_unrecoverable_error() || error.is_io_error(),
            other => matches!(other, Self::Deadline(_) | Self::Replica),
        }
    }
}

/// Whether one of the server's answers is such. Of several commands there is one for each, and of
/// a transaction one for what could not be queued.
pub(super) fn has(error: &RedisError, is: impl Fn(&ServerError) -> bool) -> bool {
    let errors = error.clone().into_server_errors();
    errors.is_some_and(|errors| errors.iter().any(|(_, error)| is(error)))
}

/// By the server's text, which repeats the arguments and must not be shown.
fn is_unknown_command(error: &RedisError) -> bool {
    has(error, |error| error.details().is_some_and(|text| text.starts_with("unknown command")))
}

impl From<Failure> for AdapterError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Duplicate => Self::duplicate(failure),
            _ => Self::unavailable(failure),
        }
    }
}
