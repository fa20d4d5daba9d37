//! A clock that can be set, so that nobody waits for a session to expire.

use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use typegate::clock::Clock;

use super::world::locked;

/// The operating system's clock, set forward or stopped. Clones share the setting.
#[derive(Clone, Default)]
pub(crate) struct SettableClock(Arc<Mutex<Time>>);

/// What a clock shows.
#[derive(Clone, Copy)]
pub(crate) enum Time {
    /// So many seconds more than it is.
    Ahead(i64),
    /// Always the same.
    Stopped(Timestamp),
}

impl Default for Time {
    fn default() -> Self {
        Self::Ahead(0)
    }
}

impl SettableClock {
    pub(crate) fn set(&self, time: Time) {
        *locked(&self.0) = time;
    }
}

impl Clock for SettableClock {
    fn now(&self) -> Timestamp {
        match *locked(&self.0) {
            Time::Stopped(time) => time,
            Time::Ahead(seconds) => {
                let now = Timestamp::now();
                now.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(now)
            }
        }
    }
}
