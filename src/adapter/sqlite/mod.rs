//! The embedded database: one file beside the application, no server.

mod rows;
mod statements;
mod store;
#[cfg(test)]
pub(super) mod tests;

use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use self::rows::failure;
use crate::error::AdapterError;

/// How long a caller waits for a connection, and a connection for another process's lock.
const PATIENCE: Duration = Duration::from_secs(5);

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
#[derive(Clone, Debug)]
pub struct SqliteAdapter {
    writer: SqlitePool,
    reader: SqlitePool,
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
        // The driver takes whatever it does not know for the name of a file.
        let database = url.strip_prefix("sqlite:").map(|rest| rest.trim_start_matches("//"));
        let Some(database) = database.filter(|database| !database.is_empty()) else {
            return Err(AdapterError::unavailable("a database address starts with `sqlite://`"));
        };
        let options = url
            .parse::<SqliteConnectOptions>()
            .map_err(failure)?
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true)
            .busy_timeout(PATIENCE);

        if is_in_memory(database) {
            let only = pool(1).connect_with(options).await.map_err(failure)?;
            return Ok(Self { writer: only.clone(), reader: only });
        }
        create_private_file(options.get_filename()).map_err(AdapterError::unavailable)?;
        let writing = options.clone().journal_mode(SqliteJournalMode::Wal);
        let writer = open_writer(&writing).await.map_err(failure)?;
        let reading = options.pragma("query_only", "ON");
        let reader = pool(READERS).connect_with(reading).await.map_err(failure)?;
        Ok(Self { writer, reader })
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
        self.apply_migrations().await.map_err(failure)
    }

    async fn apply_migrations(&self) -> sqlx::Result<()> {
        let mut transaction = self.writer.begin_with(statements::BEGIN).await?;
        sqlx::raw_sql(statements::CREATE_MIGRATIONS).execute(&mut *transaction).await?;
        let latest: Option<i64> =
            sqlx::query_scalar(statements::LATEST_MIGRATION).fetch_one(&mut *transaction).await?;
        for (version, sql) in statements::MIGRATIONS {
            if latest.is_some_and(|latest| latest >= *version) {
                continue;
            }
            sqlx::raw_sql(*sql).execute(&mut *transaction).await?;
            sqlx::query(statements::RECORD_MIGRATION)
                .bind(version)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await
    }
}

/// Opens the connection that writes, and switches a new file to a write-ahead log. The switch is
/// the one step for which SQLite does not wait when another process is at it too.
async fn open_writer(options: &SqliteConnectOptions) -> sqlx::Result<SqlitePool> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match pool(1).connect_with(options.clone()).await {
            Err(error) if is_busy(&error) && Instant::now() < deadline => {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            answer => return answer,
        }
    }
}

/// The lowest byte of an extended result code is the kind of failure.
fn is_busy(error: &sqlx::Error) -> bool {
    const SQLITE_BUSY: u32 = 5;
    let code = error.as_database_error().and_then(|error| error.code());
    code.and_then(|code| code.parse().ok()).is_some_and(|code: u32| code & 0xff == SQLITE_BUSY)
}

/// Connections stay open: nothing on the way to a file can lose them, they keep their prepared
/// statements, and a database in memory ends with its connection.
fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}

fn is_in_memory(database: &str) -> bool {
    let (name, parameters) = database.split_once('?').unwrap_or((database, ""));
    name == ":memory:" || parameters.split('&').any(|parameter| parameter == "mode=memory")
}

/// Creates the file before SQLite does, which would let the whole group read it. SQLite gives the
/// files it puts beside it the same permissions.
fn create_private_file(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        opened => opened.map(drop),
    }
}
