//! The driver of a session provider: the one task that owns the state, asks the site and publishes
//! its answers.

use std::collections::VecDeque;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until};

use super::super::{Client, ClientError, CurrentSession, Member, current};
use super::{Initial, SessionState};
use crate::log::{Diagnostics, Log};
use crate::model::JsonObject;
use crate::runtime::clock::SystemClock;

/// The pause after the first failure, doubled by each that follows.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// That of all sites: there is no application's logger behind it.
static LOG: LazyLock<Log> =
    LazyLock::new(|| Log::new(None, Arc::new(SystemClock), &Diagnostics::default()));

pub(super) struct Settings {
    /// Zero is never.
    pub(super) interval: Duration,
    pub(super) on_focus: bool,
    pub(super) when_offline: bool,
}

type UpdateAnswer<D> = oneshot::Sender<Result<CurrentSession<Arc<D>>, Arc<ClientError>>>;

pub(super) enum Command<D> {
    Focused,
    Online,
    Offline,
    Update { data: Option<Value>, answer: UpdateAnswer<D> },
}

pub(super) struct Driver<D> {
    client: Client<D>,
    member: Member,
    settings: Settings,
    commands: mpsc::UnboundedReceiver<Command<D>>,
    state: watch::Sender<SessionState<D>>,
    /// What the site last said, to tell whether an answer is news.
    told: Told,
    failures: u32,
    online: bool,
    /// When to ask by itself.
    next: Option<Instant>,
    /// Somebody said that the session changed.
    heard: bool,
    updates: VecDeque<(Option<Value>, UpdateAnswer<D>)>,
}

/// An answer of the site, without when the session ends: that moves with every answer.
#[derive(PartialEq)]
enum Told {
    Nothing,
    Answer(Option<JsonObject>),
}

impl Told {
    fn new(answer: &CurrentSession<JsonObject>) -> Self {
        Self::Answer(match answer {
            CurrentSession::Unauthenticated => None,
            CurrentSession::Authenticated(session) => {
                let mut session = session.clone();
                session.remove("expires");
                Some(session)
            }
        })
    }
}

/// Why the site is asked.
#[derive(Clone, Copy, PartialEq)]
enum Reason {
    /// By itself, or because the person looks again: news are told to the others.
    Own,
    /// Because another member told; it is not told again, or two would go on for ever.
    Heard,
}

impl<D: DeserializeOwned + Send + Sync + 'static> Driver<D> {
    pub(super) fn new(
        client: Client<D>,
        initial: Initial<D>,
        settings: Settings,
        commands: mpsc::UnboundedReceiver<Command<D>>,
    ) -> (Self, watch::Receiver<SessionState<D>>) {
        let (state, told) = match initial {
            Initial::Unknown => (SessionState::Loading, Told::Nothing),
            Initial::Known(CurrentSession::Unauthenticated) => {
                (SessionState::Unauthenticated, Told::Answer(None))
            }
            // How the site wrote it is not known, so its first answer counts as news.
            Initial::Known(CurrentSession::Authenticated(session)) => (
                SessionState::Authenticated(Arc::new(session)),
                Told::Answer(Some(JsonObject::new())),
            ),
        };
        let (state, view) = watch::channel(state);
        let member = client.shared.channel.join();
        let driver = Self {
            client,
            member,
            settings,
            commands,
            state,
            told,
            failures: 0,
            online: true,
            next: None,
            heard: false,
            updates: VecDeque::new(),
        };
        (driver, view)
    }

    pub(super) async fn run(mut self) {
        self.plan();
        loop {
            if let Some((data, answer)) = self.updates.pop_front() {
                self.update(data, answer).await;
            } else if std::mem::take(&mut self.heard) {
                self.ask(Reason::Heard).await;
            } else {
                tokio::select! {
                    // What the host said is known before the question is asked, in every run alike.
                    biased;
                    command = self.commands.recv() => match command {
                        Some(Command::Focused) => {
                            let is_signed_in = self.state.borrow().session().is_some();
                            if self.settings.on_focus && is_signed_in {
                                self.ask(Reason::Own).await;
                            }
                        }
                        Some(command) => self.obey(command),
                        None => return,
                    },
                    () = self.member.changed() => self.heard = true,
                    () = at(self.next) => self.ask(Reason::Own).await,
                }
            }
        }
    }

    /// What does not wait for an answer of the site.
    fn obey(&mut self, command: Command<D>) {
        match command {
            // Somebody looks while the site is being asked: that answer will do.
            Command::Focused => {}
            Command::Online if self.online => {}
            Command::Online => {
                self.online = true;
                if self.failures > 0 {
                    self.next = Some(Instant::now());
                } else {
                    self.plan();
                }
            }
            Command::Offline => {
                self.online = false;
                self.plan();
            }
            Command::Update { data, answer } => self.updates.push_back((data, answer)),
        }
    }

    /// What came while the site was asked; after the plan, which it may change. A change that was
    /// announced meanwhile may be younger than the answer, so it is asked about again.
    fn absorb(&mut self) {
        while let Ok(command) = self.commands.try_recv() {
            self.obey(command);
        }
        self.heard |= self.member.has_changed();
    }

    async fn ask(&mut self, reason: Reason) {
        // What was announced before the question is in the answer.
        self.heard = false;
        self.member.has_changed();
        let answer = self.client.fetch_session().await;
        let news = answer.as_ref().is_ok_and(|answer| {
            let told = Told::new(answer);
            let is_news = self.told != Told::Nothing && self.told != told;
            self.told = told;
            is_news
        });
        let answer = answer.and_then(|answer| current::typed(&self.client.shared, answer));
        match answer {
            Ok(answer) => {
                self.failures = 0;
                self.publish(&answer.map(Arc::new));
            }
            Err(error) => self.fail(error),
        }
        if news && reason == Reason::Own {
            self.member.announce();
        }
        self.plan();
        self.absorb();
    }

    fn publish(&self, answer: &CurrentSession<Arc<D>>) {
        self.state.send_replace(match answer {
            CurrentSession::Authenticated(session) => {
                SessionState::Authenticated(Arc::clone(session))
            }
            CurrentSession::Unauthenticated => SessionState::Unauthenticated,
        });
    }

    fn fail(&mut self, error: ClientError) {
        LOG.failure(error.code(), None, &error);
        self.failures = self.failures.saturating_add(1);
        let error = Arc::new(error);
        self.state.send_modify(|state| {
            *state = match state.session() {
                Some(session) => SessionState::Stale(Arc::clone(session), error),
                // Nobody was signed in when the site answered last.
                None if matches!(state, SessionState::Unauthenticated) => return,
                None => SessionState::Unreachable(error),
            };
        });
    }

    async fn update(&mut self, data: Option<Value>, answer: UpdateAnswer<D>) {
        if matches!(*self.state.borrow(), SessionState::Loading) {
            // Whether there is something to update is not known yet.
            self.ask(Reason::Own).await;
        }
        let before = self.state.borrow().clone();
        let Some(session) = before.session() else {
            // v4 does: nothing is sent where there is no session.
            let _ = answer.send(match before.failure() {
                Some(error) => Err(Arc::clone(error)),
                None => Ok(CurrentSession::Unauthenticated),
            });
            return;
        };
        self.state.send_replace(SessionState::Updating(Arc::clone(session)));
        let told = self.client.send_update(data).await;
        if let Ok(told) = &told {
            self.told = Told::new(told);
        }
        let updated = told.and_then(|told| current::typed(&self.client.shared, told));
        let _ = answer.send(match updated {
            Ok(updated) => {
                self.failures = 0;
                let updated = updated.map(Arc::new);
                self.publish(&updated);
                self.member.announce();
                Ok(updated)
            }
            Err(error) => {
                self.state.send_replace(before);
                Err(Arc::new(error))
            }
        });
        self.plan();
        self.absorb();
    }

    /// When the site is asked next if nothing else happens.
    fn plan(&mut self) {
        if matches!(*self.state.borrow(), SessionState::Loading) {
            // The first question does not depend on the host: what it says of the network may be
            // wrong, and a view that waits for the first answer would wait for ever.
            self.next = Some(Instant::now());
            return;
        }
        let is_signed_in = self.state.borrow().session().is_some();
        let pause = if self.failures > 0 {
            Some(pause_after(self.failures))
        } else {
            (is_signed_in && !self.settings.interval.is_zero()).then_some(self.settings.interval)
        };
        let is_allowed = self.online || self.settings.when_offline;
        self.next = pause.filter(|_| is_allowed).map(|pause| Instant::now() + pause);
    }
}

fn pause_after(failures: u32) -> Duration {
    let doubled = 1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX);
    FIRST_PAUSE.saturating_mul(doubled).min(LONGEST_PAUSE)
}

async fn at(instant: Option<Instant>) {
    match instant {
        Some(instant) => sleep_until(instant).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_minute() {
        let pauses = [1, 2, 3, 6, 7, 32, 33, u32::MAX].map(|n| pause_after(n).as_secs());
        assert_eq!(pauses, [1, 2, 4, 32, 60, 60, 60, 60]);
    }
}
