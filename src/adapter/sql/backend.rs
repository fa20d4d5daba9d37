//! The databases of [`SqlAdapter`](super::SqlAdapter): a closed set, and what each one supplies.

use std::future::Future;

use super::{DatabaseOptions, Dialect, Driver, Failure};
use crate::error::AdapterError;

/// A database that speaks SQL: `Sqlite`, `Postgres` or `MySql`.
///
/// It is a bound for code that takes a [`SqlAdapter`](super::SqlAdapter) whatever its database.
/// Only typegate implements it.
///
/// ```
/// use typegate::adapter::{SqlAdapter, SqlDatabase, SqliteAdapter};
/// use typegate::AdapterError;
///
/// async fn opened<D: SqlDatabase>(url: &str) -> Result<SqlAdapter<D>, AdapterError> {
///     let adapter = SqlAdapter::connect(url).await?;
///     adapter.migrate().await?;
///     Ok(adapter)
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let adapter: SqliteAdapter = opened("sqlite::memory:").await?;
/// assert!(adapter.check_schema().await?.problems.is_empty());
/// # Ok(())
/// # }
/// ```
#[expect(private_bounds, reason = "nobody else can implement it")]
pub trait SqlDatabase: Backend {}

/// What a database brings: connections, and all that its language says in a way of its own.
pub(in crate::adapter) trait Backend: Send + Sync + 'static {
    /// The adapter's name, for `Debug`.
    const ADAPTER: &'static str;

    /// The statement that lists every column: table, name, type, length, whether it may be null,
    /// whether the database fills it, the character set of a text that may have others than all. The
    /// value is a namespace.
    const COLUMNS: &'static str;

    /// The statement that lists every index: table, columns in their order, whether it is a unique
    /// key.
    const KEYS: &'static str;

    /// The statement that lists the tables: name, and whether the account may select, insert, update
    /// and delete, each null where the database does not say. The value is a namespace.
    const RIGHTS: &'static str;

    /// The statement that says whether the account may make tables, of a database that knows. The
    /// value is a namespace.
    #[cfg(feature = "dynamic")]
    const MAY_MAKE_TABLES: Option<&'static str> = None;

    /// What is wrong, and what to do, where the database takes no writes.
    const NO_WRITES: &'static str;

    /// The statement that says which of the migrations was the latest.
    const LATEST_MIGRATION: &'static str;

    /// The latest migration of this release.
    const RELEASE: i64;

    /// The migration after which every table is there.
    const ALL_TABLES: i64;

    /// How statements reach it.
    type Driver: Driver;

    /// The options of a connection for which nobody gave any.
    fn default_options() -> DatabaseOptions {
        DatabaseOptions::default()
    }

    /// Connects, and finds out which dialect the server speaks.
    fn connect(
        url: &str,
        options: &DatabaseOptions,
    ) -> impl Future<Output = Result<(Self::Driver, Dialect), AdapterError>> + Send;

    /// Whether the database takes writes at all, whoever asks; nothing is written.
    fn takes_writes(driver: &Self::Driver) -> impl Future<Output = Result<bool, Failure>> + Send;

    /// By how many seconds the clock of a connection differs from UTC, where times of the database's
    /// own type are converted by it.
    fn zone(_: &Self::Driver) -> impl Future<Output = Result<i64, Failure>> + Send {
        async { Ok(0) }
    }

    /// Brings typegate's own tables up to date.
    fn migrate(driver: &Self::Driver) -> impl Future<Output = Result<(), Failure>> + Send;
}
