//! The connection to Redis: commands with a deadline, and another connection where one is lost.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use redis::{Cmd, FromRedisValue, Pipeline};

use super::address::Servers;
use super::failure::Failure;
use super::link::{Commands, Link};
use super::opener::Opener;
use super::options::RedisOptions;
use crate::error::AdapterError;

/// A connection that has not answered for this long may be dead, so it is asked before it is given a
/// command. One that is used all the time costs no extra round trip.
const TRUSTED_FOR: Duration = Duration::from_secs(1);

/// After an attempt to connect that failed: how long everybody is told of it and nobody tries again.
const PAUSE: Duration = Duration::from_millis(200);

/// A connection that all clones share, made anew when it is lost.
#[derive(Clone)]
pub(super) struct Connection(Arc<Shared>);

struct Shared {
    opener: Opener,
    deadline: Duration,
    current: Mutex<Current>,
    /// Held by the one who opens another connection.
    opening: Arc<tokio::sync::Mutex<()>>,
}

/// A connection, if there is one, and how many there were before it.
struct Current {
    number: u64,
    link: Option<Link>,
    /// When it last answered.
    answered: Instant,
    /// Why there is none, and since when.
    refused: Option<(Instant, Failure)>,
}

impl Connection {
    pub(super) async fn open(
        servers: &Servers,
        options: &RedisOptions,
    ) -> Result<Self, AdapterError> {
        let (opener, deadline) = (Opener::new(servers, options)?, options.deadline);
        let opened = tokio::time::timeout(deadline, opener.open()).await;
        let opened = opened.unwrap_or(Err(Failure::Deadline(deadline)));
        let link = Some(opened.map_err(|failure| failure.at(opener.place()))?);
        let current = Current { number: 0, link, answered: Instant::now(), refused: None };
        let current = Mutex::new(current);
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
        let answer = tokio::time::timeout(*deadline, self.answer(commands, &mut used)).await;
        let answer = answer.unwrap_or(Err(Failure::Deadline(*deadline)));
        match (used, &answer) {
            (_, Ok(_)) => self.current().answered = Instant::now(),
            (Some(number), Err(failure)) if opener.leaves_after(failure) => self.leave(number),
            _ => {}
        }
        answer.map_err(|failure| failure.at(opener.place()))
    }

    /// On one connection, or, where that was lost and it does no harm, on another one after it.
    /// `used` is the number of the latest.
    async fn answer<T: FromRedisValue>(
        &self,
        commands: Commands<'_>,
        used: &mut Option<u64>,
    ) -> Result<T, Failure> {
        let opener = &self.0.opener;
        let (number, link) = self.good_link().await?;
        *used = Some(number);
        let failure = match link.query(commands).await {
            Ok(answer) => return Ok(answer),
            Err(error) => opener.failure(error),
        };
        // A replica has refused it and a dead connection may have delivered it.
        let may_repeat = commands.are_repeatable() || failure.is_replica();
        if opener.is_of_several() || !opener.leaves_after(&failure) || !may_repeat {
            return Err(failure);
        }
        self.leave(number);
        let (number, link) = self.link().await?;
        *used = Some(number);
        link.query(commands).await.map_err(|error| opener.failure(error))
    }

    /// Leaves a connection for another one. That to a cluster serves the other nodes until there is
    /// another, which takes longer while a node is lost.
    fn leave(&self, number: u64) {
        if self.0.opener.is_of_several() {
            if let Ok(opening) = Arc::clone(&self.0.opening).try_lock_owned() {
                let connection = self.clone();
                tokio::spawn(async move {
                    match connection.0.opener.open().await {
                        Ok(link) => connection.replace(number, Ok(link)),
                        // No node of it is there, so there is nothing to keep.
                        Err(failure) if failure.is_unreachable() => {
                            connection.replace(number, Err(Some(failure)));
                        }
                        Err(_) => {}
                    }
                    drop(opening);
                });
            }
        } else {
            self.replace(number, Err(None));
        }
    }

    /// Puts another connection, or none for a reason, in the place of one, unless somebody did.
    fn replace(&self, number: u64, by: Result<Link, Option<Failure>>) {
        let mut current = self.current();
        if current.number != number {
            return;
        }
        current.number = number.saturating_add(1);
        match by {
            Ok(link) => {
                current.link = Some(link);
                current.answered = Instant::now();
                current.refused = None;
            }
            Err(failure) => {
                current.link = None;
                current.refused = failure.map(|failure| (Instant::now(), failure));
            }
        }
    }

    /// As [`link`](Self::link), and known to be good.
    async fn good_link(&self) -> Result<(u64, Link), Failure> {
        let (number, link) = self.link().await?;
        let is_trusted = self.current().answered.elapsed() < TRUSTED_FOR;
        if is_trusted || self.0.opener.is_of_several() {
            return Ok((number, link));
        }
        // Whoever waits for a server that went silent has the time to open another connection.
        let asked = tokio::time::timeout(self.0.deadline / 5, self.0.opener.ping(&link)).await;
        if matches!(asked, Ok(Ok(()))) {
            return Ok((number, link));
        }
        self.leave(number);
        self.link().await
    }

    /// The connection that there is. Who finds none makes one, and the others wait for it. While
    /// there is no server, one at a time tries to connect, and the others are told of it at once.
    async fn link(&self) -> Result<(u64, Link), Failure> {
        if let Some(found) = self.found()? {
            return Ok(found);
        }
        let _opening = match self.0.opening.try_lock() {
            Ok(opening) => opening,
            Err(_) => match self.refused() {
                Some((_, failure)) => return Err(failure),
                None => self.0.opening.lock().await,
            },
        };
        if let Some(found) = self.found()? {
            return Ok(found);
        }
        let is_first = self.refused().is_none();
        let opened = self.0.opener.open_again(is_first).await;
        let mut current = self.current();
        match opened {
            Ok(link) => {
                current.link = Some(link.clone());
                current.answered = Instant::now();
                current.refused = None;
                Ok((current.number, link))
            }
            Err(failure) => {
                current.refused = Some((Instant::now(), failure.clone()));
                Err(failure)
            }
        }
    }

    /// The connection that there is, or why there was none a moment ago.
    fn found(&self) -> Result<Option<(u64, Link)>, Failure> {
        let current = self.current();
        match (&current.link, &current.refused) {
            (Some(link), _) => Ok(Some((current.number, link.clone()))),
            (None, Some((when, failure))) if when.elapsed() < PAUSE => Err(failure.clone()),
            (None, _) => Ok(None),
        }
    }

    fn refused(&self) -> Option<(Instant, Failure)> {
        self.current().refused.clone()
    }

    /// As if it had last answered then.
    #[cfg(test)]
    pub(super) fn answered_at(&self, when: Instant) {
        self.current().answered = when;
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        self.0.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
