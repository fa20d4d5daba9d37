//! A clock that can be set forward, so that nobody waits for a session to expire.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use typegate::clock::Clock;

/// The operating system's clock and a number of seconds. Clones share the number.
#[derive(Clone, Default)]
pub(crate) struct ShiftedClock(Arc<AtomicI64>);

impl ShiftedClock {
    pub(crate) fn set_offset(&self, seconds: i64) {
        self.0.store(seconds, Ordering::Relaxed);
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        let offset = SignedDuration::from_secs(self.0.load(Ordering::Relaxed));
        now.checked_add(offset).unwrap_or(now)
    }
}
