//! The attempt store: a port that keeps one number and one date for each key.

use std::future::Future;
use std::sync::Arc;

use jiff::Timestamp;

use super::AttemptKey;
use crate::error::AdapterError;

/// What a counter says after an attempt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "a number and a date")]
pub struct Counted {
    /// Attempts in this window, this one among them.
    pub attempts: u32,
    /// When the window ends.
    pub ends: Timestamp,
}

/// Keeps counters and remembers clients, for [`Allowances`](super::Allowances): in the memory of a
/// process ([`MemoryAttempts`](super::MemoryAttempts)), or where several processes share them, as
/// the adapters for SQLite, PostgreSQL, MySQL and Redis do.
///
/// Of any number of callers at the same time, of any number of processes, each gets a number of
/// its own: [`count`](Self::count) is one atomic step. What has ended may be forgotten.
#[diagnostic::on_unimplemented(
    message = "`{Self}` keeps no attempts",
    label = "attempts cannot be counted there",
    note = "give `MemoryAttempts::default()`, a clone of an adapter such as `SqliteAdapter`, or a \
            type that implements `typegate::rate_limit::AttemptStore`"
)]
pub trait AttemptStore: Send + Sync + 'static {
    /// Adds one to a counter. It starts at 0 with its first attempt and again after its window,
    /// whose length is in seconds.
    fn count(
        &self,
        key: AttemptKey<'_>,
        now: Timestamp,
        window: u32,
    ) -> impl Future<Output = Result<Counted, AdapterError>> + Send;

    /// Takes one back from a counter that is above 0.
    fn take_back(
        &self,
        key: AttemptKey<'_>,
        now: Timestamp,
    ) -> impl Future<Output = Result<(), AdapterError>> + Send;

    /// Remembers a key until then, or longer if it is remembered for longer.
    fn remember(
        &self,
        key: AttemptKey<'_>,
        now: Timestamp,
        until: Timestamp,
    ) -> impl Future<Output = Result<(), AdapterError>> + Send;

    /// Whether a key is remembered.
    fn remembers(
        &self,
        key: AttemptKey<'_>,
        now: Timestamp,
    ) -> impl Future<Output = Result<bool, AdapterError>> + Send;
}

/// Several configurations of one process count together.
impl<S: AttemptStore> AttemptStore for Arc<S> {
    async fn count(
        &self,
        key: AttemptKey<'_>,
        now: Timestamp,
        window: u32,
    ) -> Result<Counted, AdapterError> {
        (**self).count(key, now, window).await
    }

    async fn take_back(&self, key: AttemptKey<'_>, now: Timestamp) -> Result<(), AdapterError> {
        (**self).take_back(key, now).await
    }

    async fn remember(
        &self,
        key: AttemptKey<'_>,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<(), AdapterError> {
        (**self).remember(key, now, until).await
    }

    async fn remembers(&self, key: AttemptKey<'_>, now: Timestamp) -> Result<bool, AdapterError> {
        (**self).remembers(key, now).await
    }
}
