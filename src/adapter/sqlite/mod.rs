//! The embedded database: one file beside the application, no server.

mod driver;
mod schema;
mod store;
#[cfg(test)]
pub(super) mod tests;

use std::fmt;
use std::sync::Arc;

use self::driver::SqliteDriver;
use super::database_url::{DatabaseUrl, SQLITE};
use super::sql::{self, DatabaseOptions, Dialect, Failure, SchemaReport, Store};
use crate::error::AdapterError;

/// Connections that read. SQLite answers from memory in microseconds; more of them cost a thread
/// and a page cache each and gain nothing.
const READERS: u32 = 4;

/// Keeps users, accounts, sessions and e-mail links in an SQLite file.
///
/// One connection writes, so that callers queue up instead of meeting a locked database; others
/// read beside it. Clones are cheap and share the connections.
///
/// The tables have the names that NextAuth's SQLite adapter uses: `users`, `accounts`, `sessions`
/// and `verification_tokens`. Members of a profile or of a token response that have no column are
/// ignored, as are members of the wrong type, such as a `scope` that is no text. A text of more
/// than 1 MiB is refused.
///
/// ```
/// use typegate::Profile;
/// use typegate::adapter::{SqliteAdapter, UserStore};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let adapter = SqliteAdapter::connect("sqlite::memory:").await?;
/// adapter.migrate().await?;
///
/// let profile = Profile::new("42").email("ada@example.com".to_owned());
/// let ada = adapter.create_user(profile.into()).await?;
/// assert_eq!(adapter.user_by_email("ada@example.com").await?, Some(ada));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct SqliteAdapter {
    store: Arc<Store<SqliteDriver>>,
}

impl SqliteAdapter {
    /// Opens a database: `sqlite://auth.db` in the working directory, `sqlite:///var/lib/auth.db`
    /// anywhere else, or `sqlite::memory:`, which is gone with the last clone.
    ///
    /// A file that does not exist is created, on Unix readable and writable by its owner alone:
    /// whoever can read it can use the sessions in it. The tables are made by
    /// [`migrate`](Self::migrate).
    ///
    /// ```
    /// use typegate::adapter::SqliteAdapter;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// assert!(SqliteAdapter::connect("sqlite::memory:").await.is_ok());
    /// assert!(SqliteAdapter::connect("sqlite:///no/such/folder/auth.db").await.is_err());
    /// assert!(SqliteAdapter::connect("postgres://localhost/auth").await.is_err());
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`AdapterError`] if the address is not one of SQLite or the file cannot be opened.
    pub async fn connect(url: &str) -> Result<Self, AdapterError> {
        Self::connect_with(url, DatabaseOptions::default().max_connections(READERS)).await
    }

    /// Opens a database. Tables that another adapter made are compared with the profile: what makes
    /// sign-ins fail is an error, what makes them less safe is logged as a warning.
    ///
    /// ```
    /// use typegate::adapter::{DatabaseOptions, SchemaProfile, SqliteAdapter};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let options = DatabaseOptions::default().schema(SchemaProfile::prisma());
    /// let empty = SqliteAdapter::connect_with("sqlite::memory:", options).await;
    /// let missing = std::error::Error::source(&empty.unwrap_err()).unwrap().to_string();
    /// assert!(missing.starts_with("the table `User` is not there"), "{missing}");
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`AdapterError`] if the address is not one of SQLite, the file cannot be opened, or the
    /// tables do not fit the profile; its source says what is missing.
    pub async fn connect_with(url: &str, options: DatabaseOptions) -> Result<Self, AdapterError> {
        let url = DatabaseUrl::parse(url, &SQLITE)?;
        let driver = SqliteDriver::connect(&url, &options).await?;
        let adapter = Self { store: Store::new(driver, options.schema, Dialect::Sqlite) };
        if !adapter.store.is_own() {
            sql::refuse_problems(adapter.check_schema().await?)?;
        }
        Ok(adapter)
    }

    /// Brings the tables up to date, all of them or none, and does nothing where they are.
    ///
    /// Several processes may do this at the same time.
    ///
    /// ```
    /// use typegate::adapter::{SqliteAdapter, UserStore};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let adapter = SqliteAdapter::connect("sqlite::memory:").await?;
    /// assert!(adapter.user("1").await.is_err(), "there are no tables");
    ///
    /// adapter.migrate().await?;
    /// adapter.migrate().await?;
    /// assert_eq!(adapter.user("1").await?, None);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`AdapterError`] if the database cannot be written, or if it has a table of one of the
    /// names that this adapter did not make.
    pub async fn migrate(&self) -> Result<(), AdapterError> {
        self.store.check_own()?;
        Ok(self.apply_migrations().await.map_err(Failure::from)?)
    }

    async fn apply_migrations(&self) -> sqlx::Result<()> {
        let mut transaction = self.store.driver.writer.begin_with(driver::BEGIN).await?;
        sqlx::raw_sql(schema::CREATE_MIGRATIONS).execute(&mut *transaction).await?;
        let latest: Option<i64> =
            sqlx::query_scalar(schema::LATEST_MIGRATION).fetch_one(&mut *transaction).await?;
        for (version, sql) in schema::MIGRATIONS {
            if latest.is_some_and(|latest| latest >= *version) {
                continue;
            }
            sqlx::raw_sql(*sql).execute(&mut *transaction).await?;
            sqlx::query(schema::RECORD_MIGRATION).bind(version).execute(&mut *transaction).await?;
        }
        transaction.commit().await
    }

    /// Compares the tables with the profile: what is missing, and what is less safe than it could
    /// be.
    ///
    /// # Errors
    ///
    /// [`AdapterError`] if the database does not answer.
    pub async fn check_schema(&self) -> Result<SchemaReport, AdapterError> {
        self.store.compare(schema::COLUMNS, schema::UNIQUE_KEYS).await
    }
}

impl fmt::Debug for SqliteAdapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.store.describe("SqliteAdapter", f)
    }
}
