//! SQLite: the embedded database, a file beside the application and no server.

mod driver;
mod schema;
#[cfg(test)]
pub(super) mod tests;

use sqlx::SqliteConnection;

use self::driver::SqliteDriver;
use super::database_url::{DatabaseUrl, SQLITE};
use super::sql::{Backend, DatabaseOptions, Dialect, Failure, SqlAdapter, SqlDatabase};
use crate::error::AdapterError;

/// Keeps users, accounts, sessions and e-mail links in an SQLite file.
///
/// An address is `sqlite://auth.db` for a file in the working directory, `sqlite:///var/lib/auth.db`
/// for one anywhere else, or `sqlite::memory:` for a database that is gone with the last clone. A
/// file that does not exist is created, on Unix readable and writable by its owner alone: whoever can
/// read it can use the sessions in it.
///
/// One connection writes, so that callers queue up instead of meeting a locked database; others
/// read beside it.
///
/// The tables that [`migrate`](SqlAdapter::migrate) makes have the names that NextAuth's SQLite
/// adapter uses: `users`, `accounts`, `sessions` and `verification_tokens`.
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
pub type SqliteAdapter = SqlAdapter<Sqlite>;

/// SQLite, as the database of a [`SqliteAdapter`].
#[derive(Debug)]
#[non_exhaustive]
pub struct Sqlite;

impl SqlDatabase for Sqlite {}

/// Connections that read. SQLite answers from memory in microseconds; more of them cost a thread
/// and a page cache each and gain nothing.
const READERS: u32 = 4;

impl Backend for Sqlite {
    const ADAPTER: &'static str = "SqliteAdapter";
    const COLUMNS: &'static str = schema::COLUMNS;
    const UNIQUE_KEYS: &'static str = schema::UNIQUE_KEYS;
    const LATEST_MIGRATION: &'static str = schema::LATEST_MIGRATION;
    const ALL_TABLES: i64 = 2;

    type Driver = SqliteDriver;

    fn default_options() -> DatabaseOptions {
        DatabaseOptions::default().max_connections(READERS)
    }

    async fn connect(
        url: &str,
        options: &DatabaseOptions,
    ) -> Result<(SqliteDriver, Dialect), AdapterError> {
        let url = DatabaseUrl::parse(url, &SQLITE)?;
        Ok((SqliteDriver::connect(&url, options).await?, Dialect::Sqlite))
    }

    async fn migrate(driver: &SqliteDriver) -> Result<(), Failure> {
        let mut reading = driver.reader.lend().await?;
        let latest = latest(reading.connection()?).await?;
        reading.mark_clean();
        drop(reading);
        // A file that may only be read is no mistake then.
        let newest = schema::MIGRATIONS.last().map(|(version, _)| *version);
        if latest >= newest {
            return Ok(());
        }
        let mut lent = driver.writer.lend().await?;
        lent.begin().await?;
        migrate(lent.connection()?).await?;
        lent.commit().await?;
        lent.mark_clean();
        Ok(())
    }
}

async fn latest(connection: &mut SqliteConnection) -> sqlx::Result<Option<i64>> {
    let there: i64 = sqlx::query_scalar(schema::HAS_MIGRATIONS).fetch_one(&mut *connection).await?;
    match there {
        0 => Ok(None),
        _ => sqlx::query_scalar(schema::LATEST_MIGRATION).fetch_one(connection).await,
    }
}

async fn migrate(connection: &mut SqliteConnection) -> sqlx::Result<()> {
    sqlx::raw_sql(schema::CREATE_MIGRATIONS).execute(&mut *connection).await?;
    let latest = latest(connection).await?;
    for (version, sql) in schema::MIGRATIONS {
        if latest.is_some_and(|latest| latest >= *version) {
            continue;
        }
        sqlx::raw_sql(*sql).execute(&mut *connection).await?;
        sqlx::query(schema::RECORD_MIGRATION).bind(version).execute(&mut *connection).await?;
    }
    Ok(())
}
