//! MySQL and MariaDB: a database server that several processes of an application share.

mod driver;
mod schema;
#[cfg(test)]
pub(super) mod tests;

use sqlx::{AssertSqlSafe, MySqlConnection};

use self::driver::MySqlDriver;
use super::database_url::{DatabaseUrl, MYSQL};
use super::sql::{Backend, DatabaseOptions, Dialect, Failure, SqlAdapter, SqlDatabase};
use crate::error::AdapterError;

/// Keeps users, accounts, sessions and e-mail links in MySQL 8.0.17 or newer, or MariaDB 10.3 or
/// newer.
///
/// A call waits no longer than the deadline of [`DatabaseOptions`] for a connection of the pool,
/// and the server ends a statement that takes longer. Keys are compared byte by byte, whatever the
/// collation of the tables.
///
/// `?ssl-mode=VERIFY_IDENTITY` in the address asks for TLS with a certificate of the platform's
/// authorities. Without it the driver uses TLS where the server offers it, unverified; of a server
/// on another machine a warning says so. MySQL's default way to check a password,
/// `caching_sha2_password`, needs TLS or a socket: the other way asks for the `rsa` crate, which has
/// an open advisory (RUSTSEC-2023-0071) and is left out.
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
pub type MySqlAdapter = SqlAdapter<MySql>;

/// MySQL or MariaDB, as the database of a [`MySqlAdapter`].
#[derive(Debug)]
#[non_exhaustive]
pub struct MySql;

impl SqlDatabase for MySql {}

impl Backend for MySql {
    const ADAPTER: &'static str = "MySqlAdapter";
    const COLUMNS: &'static str = schema::COLUMNS;
    const KEYS: &'static str = schema::KEYS;
    const RIGHTS: &'static str = schema::RIGHTS;
    const NO_WRITES: &'static str = "the server is set to `read_only`, as replicas are, so sign-ins \
        fail or are lost; write the address of the primary";
    const LATEST_MIGRATION: &'static str = schema::LATEST_MIGRATION;
    const RELEASE: i64 = schema::RELEASE;
    const ALL_TABLES: i64 = 5;

    type Driver = MySqlDriver;

    async fn connect(
        url: &str,
        options: &DatabaseOptions,
    ) -> Result<(MySqlDriver, Dialect), AdapterError> {
        let url = DatabaseUrl::parse(url, &MYSQL)?;
        let driver = driver::connect(&url, options).await?;
        let mut lent = driver.lend().await?;
        let version = lent.ask(|connection| Box::pin(driver::version(connection))).await?;
        drop(lent);
        let returning = driver::returns_deleted(&version);
        Ok((driver, Dialect::MySql { returning }))
    }

    async fn takes_writes(driver: &MySqlDriver) -> Result<bool, Failure> {
        Ok(ask(driver, schema::TAKES_WRITES).await? == 1)
    }

    async fn zone(driver: &MySqlDriver) -> Result<i64, Failure> {
        ask(driver, schema::ZONE).await
    }

    /// On one connection, because the lock belongs to it and goes with it.
    async fn migrate(driver: &MySqlDriver) -> Result<(), Failure> {
        let mut lent = driver.lend().await?;
        let migrated = migrate(lent.connection()?).await;
        match migrated.map_err(Failure::of::<sqlx::MySql>)? {
            true => Ok(()),
            false => Err(Failure::Refused("another process is making the tables")),
        }
    }
}

/// A number that the server says of itself.
async fn ask(driver: &MySqlDriver, question: &'static str) -> Result<i64, Failure> {
    let mut lent = driver.lend().await?;
    lent.ask(|connection| Box::pin(sqlx::query_scalar(question).fetch_one(connection))).await
}

/// Whether it was this one's turn.
async fn migrate(connection: &mut MySqlConnection) -> sqlx::Result<bool> {
    let is_mariadb = driver::is_mariadb(&driver::version(connection).await?);
    driver::limit(connection, is_mariadb, schema::PATIENCE).await?;
    let turn: Option<i64> = sqlx::query_scalar(schema::LOCK).fetch_one(&mut *connection).await?;
    if turn != Some(1) {
        return Ok(false);
    }
    let there: i64 = sqlx::query_scalar(schema::HAS_MIGRATIONS).fetch_one(&mut *connection).await?;
    if there == 0 {
        sqlx::raw_sql(schema::CREATE_MIGRATIONS).execute(&mut *connection).await?;
    }
    let latest: Option<i64> =
        sqlx::query_scalar(schema::LATEST_MIGRATION).fetch_one(&mut *connection).await?;
    for migration in schema::MIGRATIONS {
        if latest.is_some_and(|latest| latest >= i64::from(migration.version)) {
            continue;
        }
        let marked: i64 = sqlx::query_scalar(schema::MARKED)
            .bind(migration.mark())
            .bind(migration.mark())
            .fetch_one(&mut *connection)
            .await?;
        if marked == 0 {
            let sql = migration.sql(is_mariadb);
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await?;
        }
        let record = sqlx::query(schema::RECORD_MIGRATION).bind(migration.version);
        record.execute(&mut *connection).await?;
    }
    Ok(true)
}
