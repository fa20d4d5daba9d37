//! MySQL and MariaDB: a server of its own, for several processes of an application.

mod driver;
mod schema;
mod store;
#[cfg(test)]
pub(super) mod tests;

use std::fmt;
use std::sync::Arc;

use sqlx::{AssertSqlSafe, Connection as _};

use self::driver::MySqlDriver;
use super::database_url::{DatabaseUrl, MYSQL};
use super::sql::{self, DatabaseOptions, Dialect, Failure, SchemaReport, Store};
use crate::error::AdapterError;

/// Keeps users, accounts, sessions and e-mail links in MySQL 8.0.17 or newer, or MariaDB 10.3 or newer.
///
/// Clones are cheap and share a pool of connections. A call waits no longer than the deadline of
/// [`DatabaseOptions`] for a connection, and the server ends a statement that takes longer.
///
/// The tables are those that [`migrate`](Self::migrate) makes, or, with a
/// [`SchemaProfile`](super::SchemaProfile), those that another adapter made. Keys are
/// compared byte by byte, whatever the collation of the tables.
///
/// ```no_run
/// use typegate::adapter::{MySqlAdapter, UserStore};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let adapter = MySqlAdapter::connect("mysql://app@localhost/auth").await?;
/// adapter.migrate().await?;
/// assert_eq!(adapter.user("unknown").await?, None);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct MySqlAdapter {
    pub(super) store: Arc<Store<MySqlDriver>>,
}

impl MySqlAdapter {
    /// Connects with the default [`DatabaseOptions`].
    ///
    /// `?ssl-mode=VERIFY_IDENTITY` in the address asks for TLS with a certificate of the platform's
    /// authorities. Without it the driver uses TLS where the server offers it, unverified; of a
    /// server on another machine a warning says so. A parameter that the driver does not know is
    /// an error. MySQL's default way to check a password, `caching_sha2_password`, needs TLS or a socket: the other
    /// way asks for the `rsa` crate, which has an open advisory (RUSTSEC-2023-0071) and is left
    /// out.
    ///
    /// # Errors
    ///
    /// [`AdapterError`] if the address is not one of MySQL or no server answers.
    pub async fn connect(url: &str) -> Result<Self, AdapterError> {
        Self::connect_with(url, DatabaseOptions::default()).await
    }

    /// Connects. Tables that another adapter made are compared with the profile: what makes
    /// sign-ins fail is an error, what makes them less safe is logged as a warning.
    ///
    /// # Errors
    ///
    /// [`AdapterError`] if the address is not one of MySQL, no server answers, or the tables
    /// do not fit the profile; its source says what is missing.
    pub async fn connect_with(url: &str, options: DatabaseOptions) -> Result<Self, AdapterError> {
        let url = DatabaseUrl::parse(url, &MYSQL)?;
        let driver = driver::connect(&url, &options).await?;
        let mut connection = driver.pool.acquire().await.map_err(Failure::from)?;
        let version = driver.within(driver::version(&mut connection)).await?;
        drop(connection);
        let returning = driver::returns_deleted(&version);
        Self::with_dialect(driver, options, Dialect::MySql { returning }).await
    }

    async fn with_dialect(
        driver: MySqlDriver,
        options: DatabaseOptions,
        dialect: Dialect,
    ) -> Result<Self, AdapterError> {
        let adapter = Self { store: Store::new(driver, options.schema, dialect) };
        if !adapter.store.is_own() {
            sql::refuse_problems(adapter.check_schema().await?)?;
        }
        Ok(adapter)
    }

    /// Brings typegate's own tables up to date, and does nothing where they are. The server makes
    /// each table in a transaction of its own, so a failure may leave some of them; the next call
    /// makes the rest. Several processes may do this at the same time.
    ///
    /// # Errors
    ///
    /// [`AdapterError`] if the tables are those of another adapter, if there is a table of one of
    /// the names that this one did not make, or if there is one to make and the user may not.
    pub async fn migrate(&self) -> Result<(), AdapterError> {
        self.store.check_own()?;
        Ok(self.apply_migrations().await.map_err(Failure::from)?)
    }

    /// On one connection, because the lock belongs to it and goes with it.
    async fn apply_migrations(&self) -> sqlx::Result<()> {
        let mut connection = self.store.driver.pool.acquire().await?.detach();
        let is_mariadb = driver::is_mariadb(&driver::version(&mut connection).await?);
        driver::limit(&mut connection, is_mariadb, schema::PATIENCE).await?;
        let turn: Option<i64> = sqlx::query_scalar(schema::LOCK).fetch_one(&mut connection).await?;
        if turn != Some(1) {
            return Err(sqlx::Error::Protocol("another process is making the tables".into()));
        }
        let there: i64 =
            sqlx::query_scalar(schema::HAS_MIGRATIONS).fetch_one(&mut connection).await?;
        if there == 0 {
            sqlx::raw_sql(schema::CREATE_MIGRATIONS).execute(&mut connection).await?;
        }
        let latest: Option<i32> =
            sqlx::query_scalar(schema::LATEST_MIGRATION).fetch_one(&mut connection).await?;
        for migration in schema::MIGRATIONS {
            if latest.is_some_and(|latest| latest >= migration.version) {
                continue;
            }
            let marked: i64 = sqlx::query_scalar(schema::MARKED)
                .bind(migration.mark())
                .fetch_one(&mut connection)
                .await?;
            if marked == 0 {
                let sql = migration.sql(is_mariadb);
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
            }
            let record = sqlx::query(schema::RECORD_MIGRATION).bind(migration.version);
            record.execute(&mut connection).await?;
        }
        connection.close().await
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

impl fmt::Debug for MySqlAdapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.store.describe("MySqlAdapter", f)
    }
}
