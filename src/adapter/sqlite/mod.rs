//! SQLite: the embedded database, a file beside the application and no server.

mod driver;
mod schema;
#[cfg(test)]
pub(super) mod tests;

use sqlx::{SqlSafeStr as _, SqliteConnection};

use self::driver::SqliteDriver;
#[cfg(feature = "dynamic")]
pub(crate) use self::driver::missing_sqlite_file;
use super::database_url::{DatabaseUrl, SQLITE};
use super::sql::{Backend, DatabaseOptions, Dialect, Failure, SqlAdapter, SqlDatabase, Trouble};
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
    const KEYS: &'static str = schema::KEYS;
    const RIGHTS: &'static str = schema::RIGHTS;
    const NO_WRITES: &'static str = "the file may only be read, so sign-ins fail; let this process \
        write to it and to its folder, and leave `mode=ro` and `immutable` out of the address";
    const LATEST_MIGRATION: &'static str = schema::LATEST_MIGRATION;
    const RELEASE: i64 = schema::RELEASE;
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

    /// By a write that is rolled back. That somebody else has the lock says nothing.
    async fn takes_writes(driver: &SqliteDriver) -> Result<bool, Failure> {
        let mut lent = driver.writer.lend().await?;
        let tried = match lent.begin().await {
            Ok(()) => lent.command(schema::PROBE.into_sql_str()).await,
            refused => refused,
        };
        if lent.command("ROLLBACK".into_sql_str()).await.is_ok() {
            lent.mark_clean();
        }
        match tried {
            Ok(()) => Ok(true),
            Err(failure) => match failure.trouble() {
                Some(Trouble::FileReadOnly) => Ok(false),
                Some(Trouble::Locked) => Ok(true),
                _ => Err(failure),
            },
        }
    }

    async fn migrate(driver: &SqliteDriver) -> Result<(), Failure> {
        let mut reading = driver.reader.lend().await?;
        let latest = latest(reading.connection()?).await.map_err(Failure::of::<sqlx::Sqlite>)?;
        reading.mark_clean();
        drop(reading);
        // A file that may only be read is no mistake then.
        if latest >= Some(schema::RELEASE) {
            return Ok(());
        }
        let mut lent = driver.writer.lend().await?;
        lent.begin().await?;
        migrate(lent.connection()?).await.map_err(Failure::of::<sqlx::Sqlite>)?;
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
