//! Cleaning up: the removal of rows that have ended.

use std::future::Future;

use jiff::Timestamp;

use crate::error::AdapterError;

/// Removes rows that have ended.
///
/// No sign-in depends on it: a session that has ended is removed when it is next shown. But one
/// that is never shown again, or a link that is never followed, stays until a task of the
/// application does this, daily for example.
#[diagnostic::on_unimplemented(
    message = "the adapter `{Self}` cannot remove expired rows",
    label = "needs an adapter that removes expired rows",
    note = "give an adapter that implements `typegate::adapter::ExpiredRows`; a store that drops \
            expired rows by itself needs no such task"
)]
pub trait ExpiredRows: Send + Sync + 'static {
    /// Removes the sessions and e-mail links that ended before `now`, and what the rate limit has
    /// counted until then, and says how many.
    fn delete_expired(
        &self,
        now: Timestamp,
    ) -> impl Future<Output = Result<DeletedRows, AdapterError>> + Send;
}

/// What [`ExpiredRows::delete_expired`] removed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct DeletedRows {
    /// Sessions that had ended.
    pub sessions: u64,
    /// E-mail links that were not followed in time.
    pub verification_tokens: u64,
    /// Counters of the rate limit, and clients that have not signed in for long.
    pub attempts: u64,
}

impl DeletedRows {
    /// A report of an adapter.
    #[must_use]
    pub fn new(sessions: u64, verification_tokens: u64) -> Self {
        Self { sessions, verification_tokens, attempts: 0 }
    }
}
