//! PostgreSQL: a server of its own, for several processes of an application.

mod driver;
mod schema;
mod store;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use self::driver::PostgresDriver;
use super::database_url::{DatabaseUrl, POSTGRES};
use super::sql::{self, DatabaseOptions, Dialect, Failure, SchemaReport, Store};
use crate::error::AdapterError;

/// Keeps users, accounts, sessions and e-mail links in PostgreSQL 12 or newer.
///
/// Clones are cheap and share a pool of connections. A call waits no longer than the deadline of
/// [`DatabaseOptions`] for a connection, and the server ends a statement that takes longer.
///
/// The tables are those that [`migrate`](Self::migrate) makes, or, with a
/// [`SchemaProfile`](super::SchemaProfile), those that another adapter made. Texts cannot have the
/// character U+0000: a key with it is unknown, a value with it is an error.
///
/// ```no_run
/// use typegate::adapter::{PostgresAdapter, UserStore};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let adapter = PostgresAdapter::connect("postgres://app@localhost/auth").await?;
/// adapter.migrate().await?;
/// assert_eq!(adapter.user("unknown").await?, None);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct PostgresAdapter {
    pub(super) store: Arc<Store<PostgresDriver>>,
}

const DIALECT: Dialect = Dialect::Postgres;

impl PostgresAdapter {
    /// Connects with the default [`DatabaseOptions`].
    ///
    /// `?sslmode=verify-full` in the address asks for TLS with a certificate of the platform's
    /// authorities. Without it the driver uses TLS where the server offers it, unverified; of a
    /// server on another machine a warning says so. A parameter that the driver does not know is
    /// an error.
    ///
    /// # Errors
    ///
    /// [`AdapterError`] if the address is not one of PostgreSQL or no server answers.
    pub async fn connect(url: &str) -> Result<Self, AdapterError> {
        Self::connect_with(url, DatabaseOptions::default()).await
    }

    /// Connects. Tables that another adapter made are compared with the profile: what makes
    /// sign-ins fail is an error, what makes them less safe is logged as a warning.
    ///
    /// # Errors
    ///
    /// [`AdapterError`] if the address is not one of PostgreSQL, no server answers, or the tables
    /// do not fit the profile; its source says what is missing.
    pub async fn connect_with(url: &str, options: DatabaseOptions) -> Result<Self, AdapterError> {
        let url = DatabaseUrl::parse(url, &POSTGRES)?;
        let driver = driver::connect(&url, &options).await?;
        let adapter = Self { store: Store::new(driver, options.schema, DIALECT) };
        if !adapter.store.is_own() {
            sql::refuse_problems(adapter.check_schema().await?)?;
        }
        Ok(adapter)
    }

    /// Brings typegate's own tables up to date, all of them or none, and does nothing where they
    /// are. Several processes may do this at the same time.
    ///
    /// # Errors
    ///
    /// [`AdapterError`] if the tables are those of another adapter, if there is a table of one of
    /// the names that this one did not make, or if there is one to make and the user may not.
    pub async fn migrate(&self) -> Result<(), AdapterError> {
        self.store.check_own()?;
        Ok(self.apply_migrations().await.map_err(Failure::from)?)
    }

    async fn apply_migrations(&self) -> sqlx::Result<()> {
        let mut transaction = self.store.driver.pool.begin().await?;
        sqlx::raw_sql(schema::PATIENCE).execute(&mut *transaction).await?;
        sqlx::raw_sql(schema::LOCK).execute(&mut *transaction).await?;
        if !sqlx::query_scalar::<_, bool>(schema::HAS_MIGRATIONS)
            .fetch_one(&mut *transaction)
            .await?
        {
            sqlx::raw_sql(schema::CREATE_MIGRATIONS).execute(&mut *transaction).await?;
        }
        let latest: Option<i32> =
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

impl fmt::Debug for PostgresAdapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.store.describe("PostgresAdapter", f)
    }
}
