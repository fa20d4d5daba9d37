//! Connections to an SQLite file: one writes, the others read at the same time.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;
#[cfg(feature = "dynamic")]
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use sqlx::error::DatabaseError;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteQueryResult, SqliteSynchronous,
};
use sqlx::{SqlStr, Sqlite};

use crate::adapter::database_url::DatabaseUrl;
use crate::adapter::sql::{
    Call, DatabaseOptions, Driver, Failure, Manner, PoolDriver, PoolTransaction, Protocol,
    QueryResult, Trouble, Written, execute,
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

/// Writes the write-ahead log into the file, and empties it.
const CHECKPOINT: &str = "PRAGMA wal_checkpoint(TRUNCATE)";

/// Writes of the write-ahead log into the file what can be without waiting for anybody.
const WRITE_BACK: &str = "PRAGMA wal_checkpoint(PASSIVE)";

/// Lets the log have 16384 pages before a commit writes it back, more than a clean-up makes between
/// two times that it does so itself: 64 MiB of pages of 4 KiB, SQLite's usual ones.
const LONG_LOG: &str = "PRAGMA wal_autocheckpoint = 16384; PRAGMA journal_size_limit = -1";

/// Has the log as short as SQLite has it, and its file too, when it next begins anew.
const SHORT_LOG: &str = "PRAGMA wal_autocheckpoint = 1000; PRAGMA journal_size_limit = 4194304";

/// The longest that SQLite can be told to wait for a lock, 24 days.
const LONGEST_WAIT: Duration = Duration::from_millis(i32::MAX as u64);

pub(in crate::adapter) struct SqliteDriver {
    pub(super) writer: PoolDriver<Sqlite>,
    pub(super) reader: PoolDriver<Sqlite>,
    /// Whether a clean-up works, or was given up: its log is longer than usual.
    has_long_log: AtomicBool,
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
        let options = url.text().parse::<SqliteConnectOptions>().map_err(Failure::Driver)?;
        let options = options
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true)
            .busy_timeout(settings.deadline.min(LONGEST_WAIT));
        let one = settings.clone().max_connections(1);

        let is_in_memory = database.split('?').next() == Some(":memory:");
        if is_in_memory || url.value("mode") == Some("memory") {
            let only = PoolDriver::connect(options, Manner::beginning_with(BEGIN), &one).await?;
            let reader = PoolDriver { pool: Arc::clone(&only.pool) };
            return Ok(Self { writer: only, reader, has_long_log: AtomicBool::new(false) });
        }
        create_private_file(options.get_filename()).map_err(|error| Failure::Connect {
            place: Sqlite::address(&options).into(),
            cause: Box::new(Failure::File(error)),
        })?;
        let writer = open_writer(options.clone().journal_mode(SqliteJournalMode::Wal), &one);
        let writer = writer.await?;
        let reading = options.pragma("query_only", "ON");
        let reader = PoolDriver::connect(reading, Manner::beginning_with("BEGIN"), settings);
        Ok(Self { writer, reader: reader.await?, has_long_log: AtomicBool::new(false) })
    }

    /// A connection that only reads may do it, too: the first time it copies nearly all, the second
    /// time the disk is waited for, and what others have written since is little. To begin anew the
    /// log must be copied to its end, which takes a moment without a writer.
    async fn copy_log(&self) -> Result<(), Failure> {
        self.reader.command(WRITE_BACK).await?;
        self.reader.command(WRITE_BACK).await?;
        self.writer.command(WRITE_BACK).await
    }
}

impl Driver for SqliteDriver {
    type Transaction = PoolTransaction<Sqlite>;

    const KEEPS_NUL: bool = true;

    fn place(&self) -> &Arc<str> {
        self.writer.place()
    }

    async fn read(&self, call: Call<'_>) -> Result<Written, Failure> {
        self.reader.read(call).await
    }

    async fn write(&self, call: Call<'_>) -> Result<Written, Failure> {
        self.writer.write(call).await
    }

    async fn begin(&self) -> Result<PoolTransaction<Sqlite>, Failure> {
        self.writer.begin().await
    }

    async fn write_back(&self) -> Result<(), Failure> {
        self.has_long_log.store(true, Ordering::Relaxed);
        self.writer.command(LONG_LOG).await?;
        self.copy_log().await
    }

    async fn write_all_back(&self) -> Result<(), Failure> {
        if !self.has_long_log.load(Ordering::Relaxed) {
            return Ok(());
        }
        // First, because the copy may fail, and commits write it back then.
        self.writer.command(SHORT_LOG).await?;
        self.has_long_log.store(false, Ordering::Relaxed);
        self.copy_log().await
    }

    /// The last connection that is closed does the same, and a program that looks into the file may
    /// have that one.
    async fn close(&self) -> Result<(), Failure> {
        // What is in memory alone would end with its connection.
        if Arc::ptr_eq(&self.reader.pool, &self.writer.pool) {
            return Ok(());
        }
        self.reader.close().await?;
        let written = self.writer.command(CHECKPOINT).await;
        self.writer.close().await?;
        match written {
            // Then there is nothing to write.
            Err(failure) if matches!(failure.trouble(), Some(Trouble::FileReadOnly)) => Ok(()),
            written => written,
        }
    }
}

impl Protocol for Sqlite {
    const KEEPS_NUL: bool = true;
    const IS_EMBEDDED: bool = true;

    fn address(options: &SqliteConnectOptions) -> String {
        let file = options.get_filename();
        // The name that the driver makes for `:memory:`.
        match file.to_str().is_some_and(|name| name.starts_with("file:sqlx-in-memory")) {
            true => "SQLite in memory".to_owned(),
            false => format!("the SQLite file `{}`", file.display()),
        }
    }

    fn trouble(error: &dyn DatabaseError) -> Option<Trouble> {
        trouble(kind(&error.code()?)?, error.message())
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

fn is_busy(failure: &Failure) -> bool {
    let Failure::Connect { cause, .. } = failure else { return false };
    let Failure::Statement { code, .. } = &**cause else { return false };
    kind(code) == Some(BUSY)
}

/// The lowest byte of an extended result code is the kind of failure.
fn kind(code: &str) -> Option<u32> {
    code.parse().ok().map(|code: u32| code & 0xff)
}

const BUSY: u32 = 5;

/// By SQLite's result code, which is 1 for whatever is wrong with a statement.
fn trouble(kind: u32, message: &str) -> Option<Trouble> {
    Some(match kind {
        1 if message.starts_with("no such table") => Trouble::MissingTable,
        1 if message.contains("no such column") || message.contains("has no column") => {
            Trouble::OtherColumns
        }
        1 if message.contains("already exists") => Trouble::TableExists,
        3 | 14 | 23 => Trouble::NoFile,
        BUSY | 6 => Trouble::Locked,
        7 | 13 => Trouble::Full,
        8 => Trouble::FileReadOnly,
        11 | 26 => Trouble::Damaged,
        19 => Trouble::Row,
        _ => return None,
    })
}

/// The file of an address that is not there and could be made: its folder is there.
#[cfg(feature = "dynamic")]
pub(crate) fn missing_sqlite_file(url: &str) -> Option<PathBuf> {
    if url.contains(":memory:") || url.contains("mode=memory") {
        return None;
    }
    let options: SqliteConnectOptions = url.parse().ok()?;
    let file = options.get_filename();
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let can_be_made = folder.is_none_or(Path::is_dir);
    (can_be_made && !file.exists()).then(|| file.to_owned())
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
