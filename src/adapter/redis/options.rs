//! The options of a connection to Redis.

use std::time::Duration;

/// Settings of a connection to Redis beyond its address.
///
/// ```
/// use std::time::Duration;
/// use typegate::adapter::RedisOptions;
///
/// let options =
///     RedisOptions::default().key_prefix("shop:auth:").deadline(Duration::from_millis(500));
/// # drop(options);
/// ```
#[derive(Clone, Debug)]
pub struct RedisOptions {
    pub(super) key_prefix: String,
    pub(super) deadline: Duration,
}

impl Default for RedisOptions {
    /// Keys that start with `typegate:`, 5 seconds.
    fn default() -> Self {
        Self { key_prefix: "typegate:".to_owned(), deadline: Duration::from_secs(5) }
    }
}

impl RedisOptions {
    /// What the names of all keys start with. Sites that share a server need one each.
    #[must_use]
    pub fn key_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.key_prefix = prefix.into();
        self
    }

    /// How long a command may take, the wait for a new connection included. After that it is an
    /// error. A command that was given up may still take effect.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }
}
