//! Redis: sessions and e-mail links, which are read often and expire by themselves. Users stay in
//! another database.

mod address;
mod attempts;
mod connection;
mod failure;
mod key;
mod link;
mod opener;
mod options;
mod record;
mod store;
#[cfg(test)]
pub(in crate::adapter) mod tests;
mod users;

use std::fmt;

pub use self::address::RedisAddress;
use self::connection::Connection;
use self::key::Keys;
pub use self::options::RedisOptions;
use super::UserStore;
use crate::error::AdapterError;

/// Keeps sessions and e-mail links in Redis 7.0 or newer, or Valkey, and leaves users and accounts
/// to another adapter.
///
/// What it can do follows from that adapter: it keeps and lists sessions with any [`UserStore`],
/// and lists accounts with a [`UserAccountStore`](super::UserAccountStore).
///
/// Clones share one connection, which is made anew when it is lost. A call that gets no answer
/// within the deadline of [`RedisOptions`] is an error and never "not found".
///
/// The server forgets a session or a link by itself, an hour after its end: until then the flows
/// judge by the application's clock, as with every adapter, and so nothing depends on whether the
/// two clocks agree. There is nothing to clean up, so it is no
/// [`ExpiredRows`](super::ExpiredRows).
///
/// Names of keys hold hashes of tokens, not tokens, because names show up in the server's slow log
/// and monitor. No command touches two keys.
///
/// ```no_run
/// use typegate::adapter::{RedisAdapter, SqliteAdapter};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let users = SqliteAdapter::connect("sqlite://auth.db").await?;
/// let adapter = RedisAdapter::connect("redis://127.0.0.1", users).await?;
/// # drop(adapter);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RedisAdapter<U> {
    users: U,
    connection: Connection,
    keys: Keys,
}

impl<U: UserStore> RedisAdapter<U> {
    /// Connects with the default [`RedisOptions`].
    ///
    /// `redis://user:password@host:6379/0`, or `rediss://` for TLS with a certificate of the
    /// platform's authorities or of [`RedisOptions::certificate_authority`]. A parameter that the
    /// driver does not know, such as `?tls=true`, is an error. [`RedisAddress`] has the addresses of
    /// Redis Cluster and Redis Sentinel.
    ///
    /// # Errors
    ///
    /// [`AdapterError`] if the address is not one of Redis, no server answers, or it is not the kind of
    /// server that the address is for: a node of a cluster, a Sentinel or a replica.
    pub async fn connect(address: impl Into<RedisAddress>, users: U) -> Result<Self, AdapterError> {
        Self::connect_with(address, users, RedisOptions::default()).await
    }

    /// Connects.
    ///
    /// # Errors
    ///
    /// [`AdapterError`] if the address is not one of Redis, no server answers, or it is not the kind of
    /// server that the address is for: a node of a cluster, a Sentinel or a replica.
    pub async fn connect_with(
        address: impl Into<RedisAddress>,
        users: U,
        options: RedisOptions,
    ) -> Result<Self, AdapterError> {
        let RedisAddress(servers) = address.into();
        let connection = Connection::open(&servers, &options).await?;
        Ok(Self { users, connection, keys: Keys::new(options.key_prefix) })
    }
}

impl<U: fmt::Debug> fmt::Debug for RedisAdapter<U> {
    /// No address, which may have a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisAdapter").field("users", &self.users).finish_non_exhaustive()
    }
}
