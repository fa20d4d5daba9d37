//! Connections to a server, and the deadline for each call.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions, PgRow};
use sqlx::{AssertSqlSafe, Connection as _, Postgres};
use tokio::sync::OwnedSemaphorePermit;

use crate::adapter::sql::{
    Call, DatabaseOptions, Driver, Failure, Queue, Transaction, Written, execution,
};

execution!(Postgres, PgRow, |_| None);

/// A connection that has not been used for this long may be dead, so it is asked before it is
/// given a statement. One that is used all the time costs no extra round trip.
const TRUSTED_FOR: Duration = Duration::from_secs(1);

pub(in crate::adapter) struct PostgresDriver {
    pub(super) pool: PgPool,
    queue: Arc<Queue>,
}

impl PostgresDriver {
    pub(super) async fn connect(url: &str, options: &DatabaseOptions) -> Result<Self, Failure> {
        let deadline = options.deadline;
        let queue = Arc::new(Queue::new(options.max_connections, deadline));
        let server: PgConnectOptions = url.parse()?;
        let milliseconds = deadline.as_millis();
        let set_up = AssertSqlSafe(format!("SET statement_timeout = {milliseconds}")).0;
        let pool = PgPoolOptions::new()
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
                let set_up = AssertSqlSafe(set_up.clone());
                Box::pin(async move {
                    sqlx::raw_sql(set_up).execute(connection).await?;
                    Ok(())
                })
            })
            .connect_with(server);
        let pool = queue.within(pool).await?;
        Ok(Self { pool, queue })
    }
}

impl Driver for PostgresDriver {
    type Transaction = PostgresTransaction;

    const KEEPS_NUL: bool = false;

    async fn read(&self, call: Call<'_>) -> Result<Written, Failure> {
        self.run(call).await
    }

    async fn write(&self, call: Call<'_>) -> Result<Written, Failure> {
        self.run(call).await
    }

    async fn begin(&self) -> Result<PostgresTransaction, Failure> {
        let turn = self.queue.turn().await?;
        let inner = self.queue.within(self.pool.begin()).await?;
        Ok(PostgresTransaction { inner, queue: Arc::clone(&self.queue), _turn: turn })
    }
}

impl PostgresDriver {
    async fn run(&self, call: Call<'_>) -> Result<Written, Failure> {
        let _turn = self.queue.turn().await?;
        let mut connection = self.pool.acquire().await?;
        self.queue.within(execute(&mut *connection, call)).await
    }
}

pub(in crate::adapter) struct PostgresTransaction {
    inner: sqlx::Transaction<'static, Postgres>,
    queue: Arc<Queue>,
    /// Given back after the connection, which stands above it.
    _turn: OwnedSemaphorePermit,
}

impl Transaction for PostgresTransaction {
    async fn run(&mut self, call: Call<'_>) -> Result<Written, Failure> {
        let connection: &mut PgConnection = &mut self.inner;
        self.queue.within(execute(connection, call)).await
    }

    async fn commit(self) -> Result<(), Failure> {
        self.queue.within(self.inner.commit()).await
    }
}
