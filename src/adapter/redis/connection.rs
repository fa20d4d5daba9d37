//! The connection to Redis: commands with a deadline, reconnecting, and failures.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, Cmd, FromRedisValue, Pipeline, RedisError};

use crate::adapter::database_url::DatabaseUrl;
use crate::crypto::install_tls_provider;
use crate::error::AdapterError;

/// The longest pause between two attempts to connect.
const RECONNECT_PAUSE: Duration = Duration::from_millis(500);

/// A connection that all clones share, made anew when it is lost.
#[derive(Clone)]
pub(super) struct Connection(Arc<Shared>);

struct Shared {
    client: Client,
    config: ConnectionManagerConfig,
    deadline: Duration,
    current: Mutex<Numbered>,
}

/// A connection, and how many there were before it.
#[derive(Clone)]
struct Numbered {
    number: u64,
    manager: ConnectionManager,
}

/// A failed command. No variant repeats a value.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("the server did not answer within {0:?}")]
    Deadline(Duration),
    #[error("the key does not hold {0}")]
    Unreadable(&'static str),
    #[error("the server does not know a command that Redis 7.0 has")]
    OldServer,
    #[error(transparent)]
    Driver(RedisError),
    #[error("the key exists")]
    Duplicate,
    /// There is no user for a session that needs one.
    #[error("no user has this id")]
    NoUser,
}

impl From<RedisError> for Failure {
    fn from(error: RedisError) -> Self {
        // The server's text repeats the arguments.
        let is_unknown = error.detail().is_some_and(|text| text.starts_with("unknown command"));
        if is_unknown { Self::OldServer } else { Self::Driver(error) }
    }
}

impl From<Failure> for AdapterError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Duplicate => Self::duplicate(failure),
            _ => Self::unavailable(failure),
        }
    }
}

impl Connection {
    pub(super) async fn open(url: &DatabaseUrl<'_>, deadline: Duration) -> Result<Self, Failure> {
        install_tls_provider();
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(deadline))
            .set_response_timeout(Some(deadline))
            .set_max_delay(RECONNECT_PAUSE);
        let client = Client::open(url.text())?;
        let manager = ConnectionManager::new_lazy_with_config(client.clone(), config.clone())?;
        let current = Mutex::new(Numbered { number: 0, manager });
        let connection = Self(Arc::new(Shared { client, config, deadline, current }));
        connection.run::<String>(&redis::cmd("PING")).await?;
        Ok(connection)
    }

    pub(super) async fn run<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, Failure> {
        let mut current = self.current().clone();
        self.in_time(current.number, command.query_async(&mut current.manager)).await
    }

    pub(super) async fn run_all<T: FromRedisValue>(
        &self,
        commands: &Pipeline,
    ) -> Result<T, Failure> {
        let mut current = self.current().clone();
        self.in_time(current.number, commands.query_async(&mut current.manager)).await
    }

    async fn in_time<T>(
        &self,
        number: u64,
        answer: impl Future<Output = Result<T, RedisError>>,
    ) -> Result<T, Failure> {
        match tokio::time::timeout(self.0.deadline, answer).await {
            Ok(Err(error)) if !error.is_timeout() => Err(error.into()),
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) | Err(_) => {
                self.replace(number);
                Err(Failure::Deadline(self.0.deadline))
            }
        }
    }

    /// Leaves a connection that went silent. It is not lost until TCP gives up, a quarter of an
    /// hour or more, and everybody shares it.
    fn replace(&self, number: u64) {
        let mut current = self.current();
        let Shared { client, config, .. } = &*self.0;
        if current.number == number
            && let Ok(manager) =
                ConnectionManager::new_lazy_with_config(client.clone(), config.clone())
        {
            *current = Numbered { number: number.saturating_add(1), manager };
        }
    }

    fn current(&self) -> MutexGuard<'_, Numbered> {
        self.0.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
