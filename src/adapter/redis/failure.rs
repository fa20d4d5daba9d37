//! What can go wrong with Redis, and what to write instead where the address is to blame.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use redis::{ErrorKind, RedisError, ServerError, ServerErrorKind};

use crate::error::AdapterError;

/// What to write for a cluster.
const CLUSTER: &str = if cfg!(feature = "redis-cluster") {
    "write `RedisAddress::cluster([…])`"
} else {
    "turn on typegate's feature `redis-cluster` and write `RedisAddress::cluster([…])`"
};

/// A failed command. No variant repeats a value.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum Failure {
    /// Any of the others, with what failed and where, without a password.
    #[error("{place}: {cause}")]
    At { place: Arc<str>, cause: Box<Failure> },
    #[error("no answer within {0:?}")]
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
            Self::Driver(reason(error))
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

    pub(super) fn at(self, place: &Arc<str>) -> Self {
        Self::At { place: Arc::clone(place), cause: Box::new(self) }
    }

    /// Whether the connection to a server is of no more use.
    pub(super) fn loses_server(&self) -> bool {
        match self {
            Self::Driver(error) => error.is_unrecoverable_error() || error.is_io_error(),
            other => matches!(other, Self::Deadline(_) | Self::Replica),
        }
    }

    /// Whether the server has refused the command because it takes no writes.
    pub(super) fn is_replica(&self) -> bool {
        matches!(self, Self::Replica)
    }

    /// Whether there is no way to the server.
    pub(super) fn is_unreachable(&self) -> bool {
        matches!(self, Self::Driver(error) if error.is_io_error()
            || error.kind() == ErrorKind::ClusterConnectionNotFound)
    }

    /// What to do about it, where the sentence does not say so.
    fn advice(&self) -> Option<&'static str> {
        match self {
            Self::At { cause, .. } => cause.advice(),
            Self::Deadline(_) => Some(
                "see what the server is busy with, and whether a firewall drops what is sent to it; \
                 `RedisOptions::deadline` is how long it is waited for",
            ),
            Self::Unreadable(_) => Some(KEYS_OF_ANOTHER),
            Self::Driver(error) => advice(error),
            _ => None,
        }
    }
}

const KEYS_OF_ANOTHER: &str = "another program has keys of these names: give this one a prefix of \
    its own, `RedisOptions::key_prefix`";

/// By the word with which the server begins, and by what its connection met.
fn advice(error: &RedisError) -> Option<&'static str> {
    let cause =
        std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<io::Error>());
    let is = |kind| cause.is_some_and(|cause| cause.kind() == kind);
    let says = |words: &[&str]| {
        error.code().is_some_and(|code| words.contains(&code))
            || has(error, |error| words.contains(&error.code()))
    };
    Some(match error.kind() {
        ErrorKind::Io if is(io::ErrorKind::InvalidData) => {
            "the certificate is not one for this host of an authority that is known here: give \
             `RedisOptions::certificate_authority`, or the name that it is for; a server without \
             TLS has an address of `redis://`"
        }
        ErrorKind::Io if is(io::ErrorKind::UnexpectedEof) || is(io::ErrorKind::BrokenPipe) => {
            "the server closed the connection: was it stopped, or does it want TLS (`rediss://`)?"
        }
        ErrorKind::Io | ErrorKind::ClusterConnectionNotFound => {
            "start the server, or mend host and port of the address"
        }
        _ if says(&["NOAUTH", "WRONGPASS"]) => PASSWORD,
        ErrorKind::AuthenticationFailed => PASSWORD,
        _ if says(&["NOPERM"]) => {
            "let the user of the address use these commands and keys, as in \
             `ACL SETUSER app ~typegate:* +@all`"
        }
        _ if says(&["OOM"]) => {
            "give the server more `maxmemory`; a policy that evicts keys would sign people out"
        }
        _ if says(&["MISCONF"]) => "the server cannot write its file: look for room on its disk",
        _ if says(&["LOADING"]) => "wait: the server is reading its file",
        _ if says(&["NOREPLICAS"]) => {
            "the server has fewer replicas than `min-replicas-to-write` asks for"
        }
        _ if says(&["WRONGTYPE"]) => KEYS_OF_ANOTHER,
        _ if has(error, |error| {
            error.details().is_some_and(|text| text.contains("max number of clients"))
        }) =>
        {
            "raise `maxclients` of the server, or find out who keeps so many connections"
        }
        _ => return None,
    })
}

const PASSWORD: &str =
    "mend user and password of the address, as in `redis://user:password@host:6379`";

/// Whether one of the server's answers is such. Of several commands there is one for each, and of
/// a transaction one for what could not be queued.
pub(super) fn has(error: &RedisError, is: impl Fn(&ServerError) -> bool) -> bool {
    let errors = error.clone().into_server_errors();
    errors.is_some_and(|errors| errors.iter().any(|(_, error)| is(error)))
}

/// Of a transaction that the server aborted, why: all of its commands were refused, and as a rule for one
/// reason, which would be told once for each.
fn reason(error: RedisError) -> RedisError {
    if error.kind() != ErrorKind::Server(ServerErrorKind::ExecAbort) {
        return error;
    }
    let reasons = error.clone().into_server_errors();
    match reasons.as_deref().and_then(<[_]>::first) {
        Some((_, first)) => first.clone().into(),
        None => error,
    }
}

/// By the server's text, which repeats the arguments and must not be shown.
fn is_unknown_command(error: &RedisError) -> bool {
    has(error, |error| error.details().is_some_and(|text| text.starts_with("unknown command")))
}

impl From<Failure> for AdapterError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Duplicate => Self::duplicate(failure),
            _ => match failure.advice() {
                Some(advice) => Self::unavailable(failure).advised(advice),
                None => Self::unavailable(failure),
            },
        }
    }
}
