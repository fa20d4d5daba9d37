//! How many lines of strangers are taken in a minute?

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

/// What becomes of a line.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Allowed {
    /// It is taken.
    Yes,
    /// It is the first of this minute that is not.
    NoMore,
    /// It is not, and that was said already, or nobody wants any.
    No,
}

/// Counts the lines of one minute. Its size does not depend on who sends how many.
#[derive(Debug)]
pub(crate) struct Allowance {
    per_minute: u32,
    /// The minute since 1970, and the lines in it.
    taken: Mutex<(i64, u32)>,
}

impl Allowance {
    pub(crate) fn new(per_minute: u32) -> Self {
        Self { per_minute, taken: Mutex::new((0, 0)) }
    }

    pub(crate) fn ask(&self, now: Timestamp) -> Allowed {
        let minute = now.as_second().div_euclid(60);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.0 != minute {
            *taken = (minute, 0);
        }
        taken.1 = taken.1.saturating_add(1);
        match taken.1 {
            _ if self.per_minute == 0 => Allowed::No,
            count if count <= self.per_minute => Allowed::Yes,
            count if count == self.per_minute.saturating_add(1) => Allowed::NoMore,
            _ => Allowed::No,
        }
    }
}
