//! The connection to Redis: commands with a deadline, and another connection where one is lost.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::{Cmd, FromRedisValue, Pipeline};

use super::address::Servers;
use super::failure::Failure;
use super::link::{Commands, Link};
use super::opener::Opener;
use super::options::RedisOptions;

use crate::error::AdapterError;

/// A connection that all clones share, made anew when it is lost.
#[derive(Clone)]
pub(super) struct Connection(Arc<Shared>);

struct Shared {
    opener: Opener,
    deadline: Duration,
    current: Mutex<Numbered>,
    /// Held by the one who opens another connection.
    opening: Arc<tokio::sync::Mutex<()>>,
}

/// A connection, if there is one, and how many there were before it.
struct Numbered {
    number: u64,
    link: Option<Link>,
}

impl Connection {
    pub(super) async fn open(
        servers: &Servers,
        options: &RedisOptions,
    ) -> Result<Self, AdapterError> {
        let (opener, deadline) = (Opener::new(servers, options)?, options.deadline);
        let opened = tokio::time::timeout(deadline, opener.open()).await;
        let link = Some(opened.map_err(|_| Failure::Deadline(deadline))??);
        let current = Mutex::new(Numbered { number: 0, link });
        Ok(Self(Arc::new(Shared { opener, deadline, current, opening: Arc::default() })))
    }

    pub(super) async fn run<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, Failure> {
        self.in_time(Commands::One(command)).await
    }

    /// All of the commands or none, on one key.
    pub(super) async fn run_all<T: FromRedisValue>(
        &self,
        commands: &Pipeline,
    ) -> Result<T, Failure> {
        self.in_time(Commands::Atomic(commands)).await
    }

    /// Commands on a key each, which may be at different nodes of a cluster.
    pub(super) async fn run_each<T: FromRedisValue>(
        &self,
        commands: &[Cmd],
    ) -> Result<Vec<T>, Failure> {
        self.in_time(Commands::Each(commands)).await
    }

    async fn in_time<T: FromRedisValue>(&self, commands: Commands<'_>) -> Result<T, Failure> {
        let Shared { opener, deadline, .. } = &*self.0;
        let mut used = None;
        let answer = async {
            let (number, link) = self.link().await?;
            used = Some(number);
            link.query(commands).await.map_err(|error| opener.failure(error))
        };
        let answer = tokio::time::timeout(*deadline, answer).await;
        let answer = answer.unwrap_or(Err(Failure::Deadline(*deadline)));
        if let (Some(number), Err(failure)) = (used, &answer)
            && opener.leaves_after(failure)
        {
            self.leave(number);
        }
        answer
    }

    /// Leaves a connection for another one. That to a cluster serves the other nodes until there is
    /// another, which takes longer while a node is lost.
    fn leave(&self, number: u64) {
        if self.0.opener.is_of_several() {
            if let Ok(opening) = Arc::clone(&self.0.opening).try_lock_owned() {
                let connection = self.clone();
                tokio::spawn(async move {
                    if let Ok(link) = connection.0.opener.open().await {
                        connection.replace(number, Some(link));
                    }
                    drop(opening);
                });
            }
        } else {
            self.replace(number, None);
        }
    }

    fn replace(&self, number: u64, link: Option<Link>) {
        let mut current = self.current();
        if current.number == number {
            *current = Numbered { number: number.saturating_add(1), link };
        }
    }

    /// The connection that there is. Who finds none makes one, and the others wait for it.
    async fn link(&self) -> Result<(u64, Link), Failure> {
        if let Some(found) = self.found() {
            return Ok(found);
        }
        let _opening = self.0.opening.lock().await;
        if let Some(found) = self.found() {
            return Ok(found);
        }
        let link = self.0.opener.open_again().await?;
        let mut current = self.current();
        current.link = Some(link.clone());
        Ok((current.number, link))
    }

    fn found(&self) -> Option<(u64, Link)> {
        let current = self.current();
        current.link.clone().map(|link| (current.number, link))
    }

    fn current(&self) -> MutexGuard<'_, Numbered> {
        self.0.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
