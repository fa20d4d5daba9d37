//! Connections to a server, and the deadline for each call.

use std::sync::Arc;
use std::time::Duration;

use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlPool, MySqlPoolOptions, MySqlRow};
use sqlx::{AssertSqlSafe, Connection as _, MySql};
use tokio::sync::OwnedSemaphorePermit;

use crate::adapter::sql::{
    Call, DatabaseOptions, Driver, Failure, Queue, Transaction, Written, execution,
};

execution!(MySql, MySqlRow, |done: &sqlx::mysql::MySqlQueryResult| Some(done.last_insert_id()));

/// A connection that has not been used for this long may be dead, so it is asked before it is
/// given a statement. One that is used all the time costs no extra round trip.
const TRUSTED_FOR: Duration = Duration::from_secs(1);

pub(in crate::adapter) struct MySqlDriver {
    pub(super) pool: MySqlPool,
    queue: Arc<Queue>,
    /// As the server gives it, such as `10.11.19-MariaDB`.
    pub(super) version: String,
}

impl MySqlDriver {
    pub(super) async fn connect(url: &str, options: &DatabaseOptions) -> Result<Self, Failure> {
        let deadline = options.deadline;
        let queue = Arc::new(Queue::new(options.max_connections, deadline));
        let server: MySqlConnectOptions = url.parse()?;
        // Whatever the address says: instants are written and read in UTC, and texts in UTF-8.
        let server = server.timezone(Some("+00:00".to_owned())).charset("utf8mb4");
        let seconds = deadline.as_secs().max(1);
        let set_up = set_up(seconds);
        let pool = MySqlPoolOptions::new()
            .max_connections(options.max_connections)
            .acquire_timeout(deadline)
            .test_before_acquire(false)
            .before_acquire(|connection, meta| {
                Box::pin(async move {
                    if meta.idle_for >= TRUSTED_FOR {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .after_connect(move |connection, _| {
                let set_up = set_up.clone();
                Box::pin(async move {
                    sqlx::raw_sql(AssertSqlSafe(set_up)).execute(&mut *connection).await?;
                    let version: String =
                        sqlx::query_scalar("SELECT version()").fetch_one(&mut *connection).await?;
                    let limit = match is_mariadb(&version) {
                        true => {
                            format!("SET SESSION max_statement_time = {}", deadline.as_secs_f64())
                        }
                        false => {
                            format!("SET SESSION max_execution_time = {}", deadline.as_millis())
                        }
                    };
                    sqlx::raw_sql(AssertSqlSafe(limit)).execute(connection).await?;
                    Ok(())
                })
            })
            .connect_with(server);
        let pool = queue.within(pool).await?;
        let version = sqlx::query_scalar("SELECT version()").fetch_one(&pool);
        let version = queue.within(version).await?;
        Ok(Self { pool, queue, version })
    }
}

/// A text that is too long is an error: a server in its lenient mode cuts it, and a shortened
/// token is another token.
fn set_up(seconds: u64) -> String {
    format!(
        "SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES'), \
         innodb_lock_wait_timeout = {seconds}"
    )
}

pub(super) fn is_mariadb(version: &str) -> bool {
    version.contains("MariaDB")
}

/// MariaDB returns what it deletes since 10.5.
pub(super) fn returns_deleted(version: &str) -> bool {
    // Some servers put `5.5.5-` in front for the sake of old clients.
    let version = version.strip_prefix("5.5.5-").unwrap_or(version);
    let mut numbers = version.split(['.', '-']).map(|part| part.parse::<u32>().unwrap_or(0));
    let (major, minor) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    is_mariadb(version) && (major, minor) >= (10, 5)
}

impl Driver for MySqlDriver {
    type Transaction = MySqlTransaction;

    const KEEPS_NUL: bool = true;

    async fn read(&self, call: Call<'_>) -> Result<Written, Failure> {
        self.run(call).await
    }

    async fn write(&self, call: Call<'_>) -> Result<Written, Failure> {
        self.run(call).await
    }

    async fn begin(&self) -> Result<MySqlTransaction, Failure> {
        let turn = self.queue.turn().await?;
        let inner = self.queue.within(self.pool.begin()).await?;
        Ok(MySqlTransaction { inner, queue: Arc::clone(&self.queue), _turn: turn })
    }
}

impl MySqlDriver {
    async fn run(&self, call: Call<'_>) -> Result<Written, Failure> {
        let _turn = self.queue.turn().await?;
        let mut connection = self.pool.acquire().await?;
        self.queue.within(execute(&mut *connection, call)).await
    }
}

pub(in crate::adapter) struct MySqlTransaction {
    inner: sqlx::Transaction<'static, MySql>,
    queue: Arc<Queue>,
    /// Given back after the connection, which stands above it.
    _turn: OwnedSemaphorePermit,
}

impl Transaction for MySqlTransaction {
    async fn run(&mut self, call: Call<'_>) -> Result<Written, Failure> {
        let connection: &mut MySqlConnection = &mut self.inner;
        self.queue.within(execute(connection, call)).await
    }

    async fn commit(self) -> Result<(), Failure> {
        self.queue.within(self.inner.commit()).await
    }
}
