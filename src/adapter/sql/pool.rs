//! Connections to a database server: a pool, the queue in front of it, and deadlines.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use sqlx::pool::{PoolConnection, PoolOptions};
use sqlx::{Connection, Database, Pool};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Call, DatabaseOptions, Driver, Failure, Transaction, Written, without_statement_log};

/// A connection that has not been used for this long may be dead, so it is asked before it is
/// given a statement. One that is used all the time costs no extra round trip.
const TRUSTED_FOR: Duration = Duration::from_secs(1);

/// What differs from server to server.
pub(in crate::adapter) trait Server: Database {
    /// As [`Driver::KEEPS_NUL`].
    const KEEPS_NUL: bool;

    /// Prepares a new connection: the server, too, ends what takes longer than the deadline.
    fn set_up(
        connection: &mut Self::Connection,
        deadline: Duration,
    ) -> impl Future<Output = sqlx::Result<()>> + Send;

    /// Runs a statement.
    fn execute(
        connection: &mut Self::Connection,
        call: Call<'_>,
    ) -> impl Future<Output = sqlx::Result<Written>> + Send;

    /// Runs a statement about the connection itself.
    fn command(
        connection: &mut Self::Connection,
        sql: &'static str,
    ) -> impl Future<Output = sqlx::Result<()>> + Send;
}

pub(in crate::adapter) struct PoolDriver<S: Server> {
    pub(in crate::adapter) pool: Pool<S>,
    queue: Arc<Queue>,
}

impl<S: Server> PoolDriver<S> {
    pub(in crate::adapter) async fn connect(
        server: <S::Connection as Connection>::Options,
        options: &DatabaseOptions,
    ) -> Result<Self, Failure> {
        let server = without_statement_log(server);
        let deadline = options.deadline;
        let queue = Arc::new(Queue::new(options.max_connections, deadline));
        let pool = PoolOptions::new()
            .max_connections(options.max_connections)
            .acquire_timeout(deadline)
            .test_before_acquire(false)
            .before_acquire(|connection: &mut S::Connection, meta| {
                Box::pin(async move {
                    if meta.idle_for >= TRUSTED_FOR {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .after_connect(move |connection, _| Box::pin(S::set_up(connection, deadline)))
            .connect_with(server.clone());
        match queue.within(pool).await {
            Ok(pool) => Ok(Self { pool, queue }),
            // A pool that nobody lets in says how long it tried and not why.
            Err(Failure::Driver(sqlx::Error::PoolTimedOut)) => {
                let alone = queue.within(S::Connection::connect_with(&server)).await;
                Err(alone.err().unwrap_or(Failure::Driver(sqlx::Error::PoolTimedOut)))
            }
            Err(failure) => Err(failure),
        }
    }

    /// The server ends a statement that takes too long; this ends the wait for a server that is
    /// gone.
    #[cfg(feature = "mysql")]
    pub(in crate::adapter) async fn within<T>(
        &self,
        call: impl Future<Output = sqlx::Result<T>>,
    ) -> Result<T, Failure> {
        self.queue.within(call).await
    }

    async fn lend(&self) -> Result<Lent<S>, Failure> {
        let turn = self.queue.turn().await?;
        let connection = Some(self.pool.acquire().await?);
        let queue = Arc::clone(&self.queue);
        Ok(Lent { connection, is_clean: false, queue, _turn: turn })
    }

    async fn run(&self, call: Call<'_>) -> Result<Written, Failure> {
        let mut lent = self.lend().await?;
        let answer = lent.execute(call).await;
        lent.is_clean = !is_silence(&answer);
        answer
    }
}

impl<S: Server> Driver for PoolDriver<S> {
    type Transaction = PoolTransaction<S>;

    const KEEPS_NUL: bool = S::KEEPS_NUL;

    async fn read(&self, call: Call<'_>) -> Result<Written, Failure> {
        self.run(call).await
    }

    async fn write(&self, call: Call<'_>) -> Result<Written, Failure> {
        self.run(call).await
    }

    async fn begin(&self) -> Result<PoolTransaction<S>, Failure> {
        let mut lent = self.lend().await?;
        lent.command("BEGIN").await?;
        Ok(PoolTransaction(lent))
    }
}

pub(in crate::adapter) struct PoolTransaction<S: Server>(Lent<S>);

impl<S: Server> Transaction for PoolTransaction<S> {
    async fn run(&mut self, call: Call<'_>) -> Result<Written, Failure> {
        if self.0.is_clean {
            return Err(Failure::Refused("the transaction is over"));
        }
        let answer = self.0.execute(call).await;
        if answer.is_err() && !is_silence(&answer) {
            // Here and not when it is dropped, so that its locks are gone before anybody goes on.
            self.0.is_clean = self.0.command("ROLLBACK").await.is_ok();
        }
        answer
    }

    async fn commit(mut self) -> Result<(), Failure> {
        self.0.command("COMMIT").await?;
        self.0.is_clean = true;
        Ok(())
    }
}

fn is_silence<T>(answer: &Result<T, Failure>) -> bool {
    matches!(answer, Err(Failure::Deadline(_)))
}

/// A connection that somebody has. The pool waits for an answer of one that it gets back, from a
/// server that went silent for as long as TCP does, a quarter of an hour or more, and has a
/// connection less meanwhile. So it gets back only what is known to be clean, and in time.
struct Lent<S: Server> {
    /// There until it is dropped.
    connection: Option<PoolConnection<S>>,
    /// The last statement was answered, and no transaction is open.
    is_clean: bool,
    queue: Arc<Queue>,
    /// Given back after the connection, which stands above it.
    _turn: OwnedSemaphorePermit,
}

impl<S: Server> Lent<S> {
    async fn execute(&mut self, call: Call<'_>) -> Result<Written, Failure> {
        let Self { connection: Some(connection), queue, .. } = self else { return Err(GONE) };
        queue.within(S::execute(connection, call)).await
    }

    async fn command(&mut self, sql: &'static str) -> Result<(), Failure> {
        let Self { connection: Some(connection), queue, .. } = self else { return Err(GONE) };
        queue.within(S::command(connection, sql)).await
    }
}

const GONE: Failure = Failure::Refused("the connection was given back");

impl<S: Server> Drop for Lent<S> {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        match Handle::try_current() {
            Ok(runtime) if self.is_clean => {
                // A connection that is not back in time is closed.
                let back = tokio::time::timeout(self.queue.patience(), connection.return_to_pool());
                runtime.spawn(back);
            }
            // Without a farewell, which would be waited for.
            _ => drop(connection.detach()),
        }
    }
}

/// The queue in front of a pool, and the deadline for what comes after it.
///
/// A pool lets a caller who has waited for most of its time open a connection in what is left of
/// it. After a restart of a busy server that is never enough: each caller gives up halfway, and
/// the next one starts again. Here the wait for one's turn and the opening of a connection have a
/// deadline each.
struct Queue {
    turns: Arc<Semaphore>,
    deadline: Duration,
}

impl Queue {
    fn new(connections: u32, deadline: Duration) -> Self {
        let turns = usize::try_from(connections).unwrap_or(Semaphore::MAX_PERMITS);
        Self { turns: Arc::new(Semaphore::new(turns)), deadline }
    }

    /// Waits for a turn, which lasts until it is dropped.
    async fn turn(&self) -> Result<OwnedSemaphorePermit, Failure> {
        let turn = tokio::time::timeout(self.deadline, Arc::clone(&self.turns).acquire_owned());
        // Never closed, so the only error is the end of the wait.
        turn.await.ok().and_then(Result::ok).ok_or(Failure::Deadline(self.deadline))
    }

    /// The server's own word comes first.
    fn patience(&self) -> Duration {
        self.deadline.saturating_add(self.deadline / 4)
    }

    async fn within<T>(&self, call: impl Future<Output = sqlx::Result<T>>) -> Result<T, Failure> {
        let patience = self.patience();
        match tokio::time::timeout(patience, call).await {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(Failure::Deadline(patience)),
        }
    }
}
