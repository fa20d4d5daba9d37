//! What runs a command, and what went wrong if there is no answer?

use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, Cmd, FromRedisValue, Pipeline, RedisError};

use crate::crypto::install_tls_provider;
use crate::error::AdapterError;

/// The longest pause between two attempts to connect.
const RECONNECT_PAUSE: Duration = Duration::from_millis(500);

/// A connection that all clones share, made anew when it is lost.
#[derive(Clone)]
pub(super) struct Connection {
    manager: ConnectionManager,
    deadline: Duration,
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
    pub(super) async fn open(url: &str, deadline: Duration) -> Result<Self, Failure> {
        install_tls_provider();
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(deadline))
            .set_response_timeout(Some(deadline))
            .set_max_delay(RECONNECT_PAUSE);
        let manager = ConnectionManager::new_lazy_with_config(Client::open(url)?, config)?;
        let connection = Self { manager, deadline };
        connection.run::<String>(&redis::cmd("PING")).await?;
        Ok(connection)
    }

    pub(super) async fn run<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, Failure> {
        let mut manager = self.manager.clone();
        self.in_time(command.query_async(&mut manager)).await
    }

    pub(super) async fn run_all<T: FromRedisValue>(
        &self,
        commands: &Pipeline,
    ) -> Result<T, Failure> {
        let mut manager = self.manager.clone();
        self.in_time(commands.query_async(&mut manager)).await
    }

    async fn in_time<T>(
        &self,
        answer: impl Future<Output = Result<T, RedisError>>,
    ) -> Result<T, Failure> {
        match tokio::time::timeout(self.deadline, answer).await {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(Failure::Deadline(self.deadline)),
        }
    }
}
