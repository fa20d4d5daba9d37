//! The driver of a database: its connections and transactions, and statements run on them.

use std::future::Future;
use std::sync::Arc;

use sqlx::ConnectOptions;

use super::{Call, Failure, Written};

/// Connections to one database.
pub(in crate::adapter) trait Driver: Send + Sync + 'static {
    /// A transaction that is rolled back when it is dropped.
    type Transaction: Transaction;

    /// Whether a text may have the character U+0000.
    const KEEPS_NUL: bool;

    /// Which database it is, in words and without a password.
    fn place(&self) -> &Arc<str>;

    /// Runs a statement that changes nothing.
    fn read(&self, call: Call<'_>) -> impl Future<Output = Result<Written, Failure>> + Send;

    /// Runs a statement in a transaction of its own.
    fn write(&self, call: Call<'_>) -> impl Future<Output = Result<Written, Failure>> + Send;

    /// Begins a transaction.
    fn begin(&self) -> impl Future<Output = Result<Self::Transaction, Failure>> + Send;

    /// Among many writes of one caller, and beside everybody else: brings the log of writes into the
    /// tables, which with SQLite the commit of a visitor would have to do otherwise. Nothing
    /// elsewhere.
    fn write_back(&self) -> impl Future<Output = Result<(), Failure>> + Send {
        async { Ok(()) }
    }

    /// The same behind many writes, if there were any.
    fn write_all_back(&self) -> impl Future<Output = Result<(), Failure>> + Send {
        async { Ok(()) }
    }

    /// Closes the connections that nobody has, and leaves the database as one that is at rest.
    fn close(&self) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// Several statements that take effect together.
pub(in crate::adapter) trait Transaction: Send {
    /// Runs a statement.
    fn run(&mut self, call: Call<'_>) -> impl Future<Output = Result<Written, Failure>> + Send;

    /// Lets it take effect.
    fn commit(self) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// The driver writes a line of 1.5 KB for each statement that took a second, of which a stranger may
/// cause any number where the database is slow. Databases have a log of their own for these.
pub(in crate::adapter) fn without_statement_log<O: ConnectOptions>(options: O) -> O {
    options.disable_statement_logging()
}
