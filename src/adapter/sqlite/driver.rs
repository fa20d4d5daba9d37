//! Connections to an SQLite file: one writes, the others read at the same time.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::Sqlite;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteQueryResult, SqliteSynchronous,
};

use crate::adapter::database_url::DatabaseUrl;
use crate::adapter::sql::{
    Call, DatabaseOptions, Driver, Failure, QueryResult, Transaction, Written, execute,
    without_statement_log,
};
use crate::error::AdapterError;

impl QueryResult for SqliteQueryResult {
    fn affected(&self) -> u64 {
        self.rows_affected()
    }

    fn inserted(&self) -> Option<u64> {
        u64::try_from(self.last_insert_rowid()).ok()
    }
}

/// Takes the write lock at once. A transaction that reads first and asks for the lock later is
/// refused if another process wrote in between, without waiting.
pub(super) const BEGIN: &str = "BEGIN IMMEDIATE";

pub(in crate::adapter) struct SqliteDriver {
    pub(super) writer: SqlitePool,
    pub(super) reader: SqlitePool,
}

impl SqliteDriver {
    pub(super) async fn connect(
        url: &DatabaseUrl<'_>,
        settings: &DatabaseOptions,
    ) -> Result<Self, AdapterError> {
        let patience = settings.deadline;
        let database = url.text().trim_start_matches("sqlite:").trim_start_matches("//");
        if database.is_empty() {
            return Err(AdapterError::unavailable("the address names no file"));
        }
        let options = url.text().parse::<SqliteConnectOptions>().map_err(Failure::from)?;
        let options = without_statement_log(options)
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true)
            .busy_timeout(patience);

        let is_in_memory = database.split('?').next() == Some(":memory:");
        if is_in_memory || url.value("mode") == Some("memory") {
            let only = pool(1, patience).connect_with(options).await.map_err(Failure::from)?;
            return Ok(Self { writer: only.clone(), reader: only });
        }
        create_private_file(options.get_filename()).map_err(AdapterError::unavailable)?;
        let writing = options.clone().journal_mode(SqliteJournalMode::Wal);
        let writer = open_writer(&writing, patience).await.map_err(Failure::from)?;
        let reading = options.pragma("query_only", "ON");
        let reader = pool(settings.max_connections, patience).connect_with(reading).await;
        Ok(Self { writer, reader: reader.map_err(Failure::from)? })
    }
}

impl Driver for SqliteDriver {
    type Transaction = SqliteTransaction;

    const KEEPS_NUL: bool = true;

    async fn read(&self, call: Call<'_>) -> Result<Written, Failure> {
        Ok(execute(&self.reader, call).await?)
    }

    async fn write(&self, call: Call<'_>) -> Result<Written, Failure> {
        Ok(execute(&self.writer, call).await?)
    }

    async fn begin(&self) -> Result<SqliteTransaction, Failure> {
        Ok(SqliteTransaction(self.writer.begin_with(BEGIN).await?))
    }
}

pub(in crate::adapter) struct SqliteTransaction(sqlx::Transaction<'static, Sqlite>);

impl Transaction for SqliteTransaction {
    async fn run(&mut self, call: Call<'_>) -> Result<Written, Failure> {
        let connection: &mut SqliteConnection = &mut self.0;
        Ok(execute(connection, call).await?)
    }

    async fn commit(self) -> Result<(), Failure> {
        Ok(self.0.commit().await?)
    }
}

/// Opens the connection that writes, and switches a new file to a write-ahead log. The switch is
/// the one step for which SQLite does not wait when another process is at it too.
async fn open_writer(
    options: &SqliteConnectOptions,
    patience: Duration,
) -> sqlx::Result<SqlitePool> {
    let end = Instant::now() + patience;
    loop {
        match pool(1, patience).connect_with(options.clone()).await {
            Err(error) if is_busy(&error) && Instant::now() < end => {
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
fn pool(connections: u32, patience: Duration) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(patience)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
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
