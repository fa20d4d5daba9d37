//! The connections to a database: who has one, who waits for one, and what is known of those that
//! come back.
//!
//! Not the pool of `sqlx`: that takes a connection back in a task of its own, with a round trip,
//! while the next caller opens another one, and waits out its deadline where a server refuses.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sqlx::database::HasStatementCache;
use sqlx::error::DatabaseError;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection, Database, SqlSafeStr as _, SqlStr};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Call, DatabaseOptions, Failure, Trouble, Written, without_statement_log};

#[cfg(test)]
mod tests;

/// A connection that has not been used for this long may be dead, so it is asked before it is
/// given a statement. One that is used all the time costs no extra round trip.
const TRUSTED_FOR: Duration = Duration::from_secs(1);

/// Nobody needed it: it is closed, so that a server is left what a rush of visitors took.
const IDLE_FOR: Duration = Duration::from_secs(10 * 60);

/// An older one is replaced, so that memory of the server's and a changed address take effect.
const LIFETIME: Duration = Duration::from_secs(30 * 60);

/// After a server refused another connection: until it is asked for as many as before.
const MODEST_FOR: Duration = Duration::from_secs(10);

/// How a database is spoken to.
pub(in crate::adapter) trait Protocol: Database + HasStatementCache {
    /// As [`Driver::KEEPS_NUL`](super::Driver::KEEPS_NUL).
    const KEEPS_NUL: bool;

    /// The database is a part of this process. Nothing on the way can lose a connection, a
    /// statement waits for locks alone, for which there is a limit already, and what is in memory
    /// may end with its connection.
    const IS_EMBEDDED: bool = false;

    /// What a connection leads to, in words and without a password.
    fn address(options: &ConnectOptionsOf<Self>) -> String;

    /// The kind of an error, if it is one that somebody can mend.
    fn trouble(error: &dyn DatabaseError) -> Option<Trouble>;

    /// Whether the message has the value that was refused, beside those of which the code says so.
    fn repeats_value(_: &dyn DatabaseError) -> bool {
        false
    }

    /// Prepares a new connection: the server, too, ends what takes longer than the deadline.
    fn set_up(
        connection: &mut Self::Connection,
        deadline: Duration,
    ) -> impl Future<Output = sqlx::Result<()>> + Send;

    /// Runs a statement.
    fn execute(
        connection: &mut Self::Connection,
        call: Call<'_>,
        manner: &Manner,
    ) -> impl Future<Output = sqlx::Result<Written>> + Send;

    /// Runs a statement about the connection itself.
    fn command(
        connection: &mut Self::Connection,
        sql: SqlStr,
    ) -> impl Future<Output = sqlx::Result<()>> + Send;

    /// Ends a transaction, which the database may have ended already.
    fn roll_back(
        connection: &mut Self::Connection,
    ) -> impl Future<Output = sqlx::Result<()>> + Send {
        Self::command(connection, AssertSqlSafe("ROLLBACK").into_sql_str())
    }
}

pub(in crate::adapter) type ConnectOptionsOf<P> =
    <<P as Database>::Connection as Connection>::Options;

/// How far the connections of one pool may be relied on.
#[derive(Clone, Debug)]
pub(in crate::adapter) struct Manner {
    /// Begins a transaction.
    pub(in crate::adapter) begin: SqlStr,
    /// A pooler stands before the server and lends one of its connections for as long as a
    /// transaction takes: settings and prepared statements that outlive one are somebody else's.
    pub(in crate::adapter) shared: bool,
}

impl Manner {
    pub(in crate::adapter) fn beginning_with(begin: &'static str) -> Self {
        Self { begin: begin.into_sql_str(), shared: false }
    }
}

pub(in crate::adapter) struct Pool<P: Protocol> {
    pub(in crate::adapter) options: ConnectOptionsOf<P>,
    pub(in crate::adapter) manner: Manner,
    /// What its connections lead to.
    pub(super) place: Arc<str>,
    deadline: Duration,
    size: usize,
    turns: Arc<Semaphore>,
    /// Those that nobody has, the one that was used last at the end.
    idle: Mutex<Vec<Open<P>>>,
    /// How many are open, whoever has them.
    open: Arc<AtomicUsize>,
    /// Turns that were given up, and when the first of them was, because the server had no
    /// connection for them.
    given_up: Mutex<Option<(usize, Instant)>>,
    #[cfg(test)]
    pub(in crate::adapter) fault: super::tests::fault::Injection,
}

struct Open<P: Protocol> {
    connection: P::Connection,
    opened: Instant,
    used: Instant,
    _counted: Counted,
}

struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl<P: Protocol> Pool<P> {
    /// Opens the first connection.
    pub(in crate::adapter) async fn connect(
        options: ConnectOptionsOf<P>,
        manner: Manner,
        settings: &DatabaseOptions,
    ) -> Result<Arc<Self>, Failure> {
        let size = usize::try_from(settings.max_connections)
            .unwrap_or(Semaphore::MAX_PERMITS)
            .min(Semaphore::MAX_PERMITS);
        let pool = Arc::new(Self {
            place: P::address(&options).into(),
            options: without_statement_log(options),
            manner,
            deadline: settings.deadline,
            size,
            turns: Arc::new(Semaphore::new(size)),
            idle: Mutex::default(),
            open: Arc::default(),
            given_up: Mutex::default(),
            #[cfg(test)]
            fault: Default::default(),
        });
        let first = pool.in_time_to_connect(pool.open()).await?;
        pool.idle().push(first);
        Ok(pool)
    }

    /// Waits for a turn, and for a connection. Each has the deadline for itself: after a restart
    /// of a busy server, callers who have waited for most of it would else give up while they open
    /// a connection, and the next ones would begin again.
    pub(in crate::adapter) async fn lend(self: &Arc<Self>) -> Result<Lent<P>, Failure> {
        let start = Instant::now();
        let mut refused = None;
        self.ask_for_more();
        loop {
            let patience = self.deadline.saturating_sub(start.elapsed());
            let turn = Arc::clone(&self.turns).acquire_owned();
            // Never closed, so the only error is the end of the wait.
            let Some(turn) = tokio::time::timeout(patience, turn).await.ok().and_then(Result::ok)
            else {
                let exhausted = Failure::Exhausted { connections: self.size, after: self.deadline };
                return Err(refused.unwrap_or(exhausted));
            };
            match self.in_time_to_connect(self.connection()).await {
                Ok(open) => {
                    let pool = Arc::clone(self);
                    return Ok(Lent { open: Some(open), is_clean: false, pool, turn: Some(turn) });
                }
                // Somebody here has one and gives it back soon: a pool is as large as its server
                // lets it be.
                Err(failure) if failure.is_limit() && self.open.load(Ordering::Acquire) > 0 => {
                    self.give_up(turn);
                    refused = Some(failure);
                }
                Err(failure) => return Err(failure),
            }
        }
    }

    /// One that is there and answers, or a new one.
    async fn connection(&self) -> Result<Open<P>, Failure> {
        loop {
            // A statement of its own, so that the list is not locked while it is asked.
            let last = self.idle().pop();
            let Some(mut open) = last else { return self.open().await };
            if P::IS_EMBEDDED {
                return Ok(open);
            }
            if open.opened.elapsed() >= LIFETIME {
                // In order: a server that is full has no other one before this one is gone.
                let _ = tokio::time::timeout(self.deadline / 5, open.connection.close()).await;
                continue;
            }
            if open.used.elapsed() < TRUSTED_FOR {
                return Ok(open);
            }
            // Whoever waits for a server that went silent has the time to open another connection;
            // those beside it are not asked, because they would take that time.
            match tokio::time::timeout(self.deadline / 5, open.connection.ping()).await {
                Ok(Ok(())) => return Ok(open),
                Ok(Err(_)) => {}
                Err(_) => {
                    drop(open);
                    return self.open().await;
                }
            }
        }
    }

    async fn open(&self) -> Result<Open<P>, Failure> {
        let opened = async {
            let mut connection = self.options.connect().await?;
            P::set_up(&mut connection, self.deadline).await?;
            Ok(connection)
        };
        let connection =
            opened.await.map_err(|error| self.not_connected(Failure::of::<P>(error)))?;
        self.open.fetch_add(1, Ordering::AcqRel);
        let now = Instant::now();
        let counted = Counted(Arc::clone(&self.open));
        Ok(Open { connection, opened: now, used: now, _counted: counted })
    }

    fn not_connected(&self, cause: Failure) -> Failure {
        Failure::Connect { place: Arc::clone(&self.place), cause: Box::new(cause) }
    }

    async fn in_time_to_connect<T>(
        &self,
        call: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        match self.within(call).await {
            Ok(answer) => answer,
            Err(failure) => Err(self.not_connected(failure)),
        }
    }

    fn put_back(&self, mut open: Open<P>) {
        open.used = Instant::now();
        let mut idle = self.idle();
        idle.push(open);
        let is_old = |open: &Open<P>| !P::IS_EMBEDDED && open.used.elapsed() > IDLE_FOR;
        let oldest = idle.first().is_some_and(is_old).then(|| idle.remove(0));
        drop(idle);
        if let (Some(oldest), Ok(runtime)) = (oldest, Handle::try_current()) {
            let farewell = oldest.connection.close();
            runtime.spawn(tokio::time::timeout(self.deadline, farewell));
        }
    }

    /// Says farewell to the server on those that nobody has.
    pub(super) async fn close_idle(&self) {
        let idle = std::mem::take(&mut *self.idle());
        for open in idle {
            // A server that does not hear it notices by itself.
            let _ = self.within(open.connection.close()).await;
        }
    }

    /// Goes on with a turn less, so that those who wait are served in the order in which they came.
    fn give_up(&self, turn: OwnedSemaphorePermit) {
        let mut given_up = self.given_up.lock().unwrap_or_else(PoisonError::into_inner);
        let (turns, since) = given_up.unwrap_or((0, Instant::now()));
        *given_up = Some((turns.saturating_add(1), since));
        turn.forget();
    }

    fn ask_for_more(&self) {
        let mut given_up = self.given_up.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((turns, since)) = *given_up
            && since.elapsed() > MODEST_FOR
        {
            self.turns.add_permits(turns);
            *given_up = None;
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Open<P>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The server's own word comes first.
    fn patience(&self) -> Duration {
        self.deadline.saturating_add(self.deadline / 4)
    }

    /// The server ends a statement that takes too long; this ends the wait for a server that is
    /// gone.
    async fn within<T>(&self, call: impl Future<Output = T>) -> Result<T, Failure> {
        if P::IS_EMBEDDED {
            return Ok(call.await);
        }
        let patience = self.patience();
        tokio::time::timeout(patience, call).await.map_err(|_| Failure::Deadline(patience))
    }
}

/// A connection that somebody has. What comes back is known to be good: its last statement was
/// answered, and no transaction is open. Any other is closed without a farewell, which would be
/// waited for; a server that went silent answers none for as long as TCP does, a quarter of an
/// hour or more.
pub(in crate::adapter) struct Lent<P: Protocol> {
    /// There until it is dropped.
    open: Option<Open<P>>,
    is_clean: bool,
    pool: Arc<Pool<P>>,
    /// Given back after the connection.
    turn: Option<OwnedSemaphorePermit>,
}

/// What a server says of itself.
#[cfg(any(feature = "mysql", feature = "postgres"))]
pub(in crate::adapter) type Asked<'c, T> =
    std::pin::Pin<Box<dyn Future<Output = sqlx::Result<T>> + Send + 'c>>;

const GONE: Failure = Failure::Refused("the connection was given back");

impl<P: Protocol> Lent<P> {
    pub(in crate::adapter) fn connection(&mut self) -> Result<&mut P::Connection, Failure> {
        self.open.as_mut().map(|open| &mut open.connection).ok_or(GONE)
    }

    /// Its last statement was answered, and no transaction is open.
    pub(in crate::adapter) fn mark_clean(&mut self) {
        self.is_clean = true;
    }

    pub(in crate::adapter) async fn execute(&mut self, call: Call<'_>) -> Result<Written, Failure> {
        self.is_clean = false;
        let Self { open: Some(open), pool, .. } = self else { return Err(GONE) };
        let written = async {
            #[cfg(test)]
            pool.fault.strike::<P>(&mut open.connection).await?;
            P::execute(&mut open.connection, call, &pool.manner).await
        };
        let written = pool.within(written).await?;
        written.map_err(Failure::of::<P>)
    }

    /// Begins a transaction.
    pub(in crate::adapter) async fn begin(&mut self) -> Result<(), Failure> {
        self.command(self.pool.manner.begin.clone()).await
    }

    pub(in crate::adapter) async fn commit(&mut self) -> Result<(), Failure> {
        self.command("COMMIT".into_sql_str()).await
    }

    pub(in crate::adapter) async fn command(&mut self, sql: SqlStr) -> Result<(), Failure> {
        self.is_clean = false;
        let Self { open: Some(open), pool, .. } = self else { return Err(GONE) };
        let done = async {
            #[cfg(test)]
            pool.fault.strike::<P>(&mut open.connection).await?;
            P::command(&mut open.connection, sql).await
        };
        let done = pool.within(done).await?;
        done.map_err(Failure::of::<P>)
    }

    /// Asks the server about itself, in time.
    #[cfg(any(feature = "mysql", feature = "postgres"))]
    pub(in crate::adapter) async fn ask<T>(
        &mut self,
        question: impl for<'c> FnOnce(&'c mut P::Connection) -> Asked<'c, T> + Send,
    ) -> Result<T, Failure> {
        self.is_clean = false;
        let Self { open: Some(open), pool, .. } = self else { return Err(GONE) };
        let asked = async {
            #[cfg(test)]
            pool.fault.strike::<P>(&mut open.connection).await?;
            question(&mut open.connection).await
        };
        let answer = pool.within(asked).await?.map_err(Failure::of::<P>)?;
        self.is_clean = true;
        Ok(answer)
    }

    /// Finds out what became of a connection whose statement failed: here and not when it is
    /// dropped, so that its locks are gone before anybody goes on.
    pub(in crate::adapter) async fn settle(&mut self, failure: &Failure, in_transaction: bool) {
        if !failure.is_answer() || failure.is_of_former_server() {
            return;
        }
        let Self { open: Some(open), pool, .. } = self else { return };
        let connection = &mut open.connection;
        let settled = async {
            match in_transaction || P::IS_EMBEDDED {
                true => P::roll_back(connection).await?,
                // Servers make a line in their logs of a transaction that is ended and was none.
                false => connection.ping().await?,
            }
            match failure.is_stale() {
                true => connection.clear_cached_statements().await,
                false => Ok(()),
            }
        };
        self.is_clean = matches!(pool.within(settled).await, Ok(Ok(())));
    }
}

impl<P: Protocol> Drop for Lent<P> {
    fn drop(&mut self) {
        let Some(mut open) = self.open.take() else { return };
        if self.is_clean {
            return self.pool.put_back(open);
        }
        // The caller went away in the middle of a statement. A database in this process works
        // on, and the next turn is when it is through.
        if P::IS_EMBEDDED
            && let Ok(runtime) = Handle::try_current()
        {
            let (pool, turn) = (Arc::clone(&self.pool), self.turn.take());
            runtime.spawn(async move {
                if P::roll_back(&mut open.connection).await.is_ok() {
                    pool.put_back(open);
                }
                drop(turn);
            });
        }
    }
}
