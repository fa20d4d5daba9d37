//! PostgreSQL: a database server that several processes of an application share.

mod driver;
mod schema;
#[cfg(test)]
mod tests;

use sqlx::PgConnection;

use self::driver::PostgresDriver;
use super::database_url::{DatabaseUrl, POSTGRES};
use super::sql::{Backend, DatabaseOptions, Dialect, Failure, SqlAdapter, SqlDatabase};
use crate::error::AdapterError;

/// Keeps users, accounts, sessions and e-mail links in PostgreSQL 12 or newer.
///
/// A call waits no longer than the deadline of [`DatabaseOptions`] for a connection of the pool,
/// and the server ends a statement that takes longer. Texts cannot have the character U+0000: a
/// key with it is unknown, a value with it is an error.
///
/// `?sslmode=verify-full` in the address asks for TLS with a certificate of the platform's
/// authorities. Without it the driver uses TLS where the server offers it, unverified; of a server
/// on another machine a warning says so.
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
pub type PostgresAdapter = SqlAdapter<Postgres>;

/// PostgreSQL, as the database of a [`PostgresAdapter`].
#[derive(Debug)]
#[non_exhaustive]
pub struct Postgres;

impl SqlDatabase for Postgres {}

impl Backend for Postgres {
    const ADAPTER: &'static str = "PostgresAdapter";
    const COLUMNS: &'static str = schema::COLUMNS;
    const KEYS: &'static str = schema::KEYS;
    const RIGHTS: &'static str = schema::RIGHTS;
    #[cfg(feature = "dynamic")]
    const MAY_MAKE_TABLES: Option<&'static str> = Some(schema::MAY_MAKE_TABLES);
    const NO_WRITES: &'static str = "the server is a replica, or role or database are set to read \
        only (`default_transaction_read_only`), so sign-ins fail; write the address of the primary";
    const LATEST_MIGRATION: &'static str = schema::LATEST_MIGRATION;
    const RELEASE: i64 = schema::RELEASE;
    const ALL_TABLES: i64 = 2;

    type Driver = PostgresDriver;

    async fn connect(
        url: &str,
        options: &DatabaseOptions,
    ) -> Result<(PostgresDriver, Dialect), AdapterError> {
        let url = DatabaseUrl::parse(url, &POSTGRES)?;
        Ok((driver::connect(&url, options).await?, Dialect::Postgres))
    }

    async fn takes_writes(driver: &PostgresDriver) -> Result<bool, Failure> {
        let query = sqlx::query_scalar(schema::TAKES_WRITES).persistent(false);
        let mut lent = driver.lend().await?;
        lent.ask(|connection| Box::pin(query.fetch_one(connection))).await
    }

    async fn migrate(driver: &PostgresDriver) -> Result<(), Failure> {
        let mut lent = driver.lend().await?;
        lent.begin().await?;
        migrate(lent.connection()?).await.map_err(Failure::of::<sqlx::Postgres>)?;
        lent.commit().await?;
        lent.mark_clean();
        Ok(())
    }
}

/// Without prepared statements: a pooler would leave them to somebody else.
async fn migrate(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::raw_sql(schema::PATIENCE).execute(&mut *connection).await?;
    sqlx::raw_sql(schema::LOCK).execute(&mut *connection).await?;
    let there: bool = sqlx::query_scalar(schema::HAS_MIGRATIONS)
        .persistent(false)
        .fetch_one(&mut *connection)
        .await?;
    if !there {
        sqlx::raw_sql(schema::CREATE_MIGRATIONS).execute(&mut *connection).await?;
    }
    let latest: Option<i64> = sqlx::query_scalar(schema::LATEST_MIGRATION)
        .persistent(false)
        .fetch_one(&mut *connection)
        .await?;
    for (version, sql) in schema::MIGRATIONS {
        if latest.is_some_and(|latest| latest >= i64::from(*version)) {
            continue;
        }
        sqlx::raw_sql(*sql).execute(&mut *connection).await?;
        let record = sqlx::query(schema::RECORD_MIGRATION).bind(version).persistent(false);
        record.execute(&mut *connection).await?;
    }
    Ok(())
}
