//! Connections to an SQLite file: one writes, the others read at the same time.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::error::DatabaseError;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteQueryResult, SqliteSynchronous,
};
use sqlx::{SqlStr, Sqlite};

use crate::adapter::database_url::DatabaseUrl;
use crate::adapter::sql::{
    Call, DatabaseOptions, Driver, Failure, Manner, PoolDriver, PoolTransaction, Protocol,
    QueryResult, Written, execute,
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
const BEGIN: &str = "BEGIN IMMEDIATE";

/// The longest that SQLite can be told to wait for a lock, 24 days.
const LONGEST_WAIT: Duration = Duration::from_millis(i32::MAX as u64);

pub(in crate::adapter) struct SqliteDriver {
    pub(super) writer: PoolDriver<Sqlite>,
    pub(super) reader: PoolDriver<Sqlite>,
}

impl SqliteDriver {
    pub(super) async fn connect(
        url: &DatabaseUrl<'_>,
        settings: &DatabaseOptions,
    ) -> Result<Self, AdapterError> {
        let database = url.text().trim_start_matches("sqlite:").trim_start_matches("//");
        if database.is_empty() {
            return Err(AdapterError::unavailable("the address names no file"));
        }
        let options = url.text().parse::<SqliteConnectOptions>().map_err(Failure::from)?;
        let options = options
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true)
            .busy_timeout(settings.deadline.min(LONGEST_WAIT));
        let one = settings.clone().max_connections(1);

        let is_in_memory = database.split('?').next() == Some(":memory:");
        if is_in_memory || url.value("mode") == Some("memory") {
            let only = PoolDriver::connect(options, Manner::beginning_with(BEGIN), &one).await?;
            let reader = PoolDriver { pool: Arc::clone(&only.pool) };
            return Ok(Self { writer: only, reader });
        }
        create_private_file(options.get_filename()).map_err(AdapterError::unavailable)?;
        let writer = open_writer(options.clone().journal_mode(SqliteJournalMode::Wal), &one);
        let writer = writer.await?;
        let reading = options.pragma("query_only", "ON");
        let reader = PoolDriver::connect(reading, Manner::beginning_with("BEGIN"), settings);
        Ok(Self { writer, reader: reader.await? })
    }
}

impl Driver for SqliteDriver {
    type Transaction = PoolTransaction<Sqlite>;

    const KEEPS_NUL: bool = true;

    async fn read(&self, call: Call<'_>) -> Result<Written, Failure> {
        self.reader.read(call).await
    }

    async fn write(&self, call: Call<'_>) -> Result<Written, Failure> {
        self.writer.write(call).await
    }

    async fn begin(&self) -> Result<PoolTransaction<Sqlite>, Failure> {
        self.writer.begin().await
    }
}

impl Protocol for Sqlite {
    const KEEPS_NUL: bool = true;
    const IS_EMBEDDED: bool = true;

    fn address(options: &SqliteConnectOptions) -> String {
        format!("the file `{}`", options.get_filename().display())
    }

    fn is_limit(_: &dyn DatabaseError) -> bool {
        false
    }

    /// Another connection leads to the same file.
    fn is_outdated(_: &dyn DatabaseError) -> bool {
        false
    }

    async fn set_up(_: &mut SqliteConnection, _: Duration) -> sqlx::Result<()> {
        Ok(())
    }

    async fn execute(
        connection: &mut SqliteConnection,
        call: Call<'_>,
        manner: &Manner,
    ) -> sqlx::Result<Written> {
        execute(connection, call, manner).await
    }

    async fn command(connection: &mut SqliteConnection, sql: SqlStr) -> sqlx::Result<()> {
        sqlx::raw_sql(sql).execute(connection).await?;
        Ok(())
    }

    /// A disk that is full, memory that is short and a failed write end a transaction by
    /// themselves, and the statement that would end it is then an error.
    async fn roll_back(connection: &mut SqliteConnection) -> sqlx::Result<()> {
        match sqlx::raw_sql("ROLLBACK").execute(connection).await {
            Err(error) if is_no_transaction(&error) => Ok(()),
            answer => answer.map(drop),
        }
    }
}

/// SQLite has one code for whatever is wrong with a statement.
fn is_no_transaction(error: &sqlx::Error) -> bool {
    let message = error.as_database_error().map(|error| error.message());
    message.is_some_and(|message| message.contains("no transaction is active"))
}

/// Opens the connection that writes, and switches a new file to a write-ahead log. The switch is
/// the one step for which SQLite does not wait when another process is at it too.
async fn open_writer(
    options: SqliteConnectOptions,
    settings: &DatabaseOptions,
) -> Result<PoolDriver<Sqlite>, Failure> {
    let start = Instant::now();
    loop {
        let manner = Manner::beginning_with(BEGIN);
        match PoolDriver::connect(options.clone(), manner, settings).await {
            Err(failure) if is_busy(&failure) && start.elapsed() < settings.deadline => {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            answer => return answer,
        }
    }
}

/// The lowest byte of an extended result code is the kind of failure.
fn is_busy(failure: &Failure) -> bool {
    const SQLITE_BUSY: u32 = 5;
    let Failure::Connect { cause, .. } = failure else { return false };
    let Failure::Statement { code, .. } = &**cause else { return false };
    code.parse().is_ok_and(|code: u32| code & 0xff == SQLITE_BUSY)
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
