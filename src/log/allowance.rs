//! The allowance of log lines: how many of each code are written in a minute.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use crate::error::ErrorCode;

/// The verdict on a line.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Allowed {
    /// It is written.
    Yes,
    /// It is the first one of this minute to be left out.
    NoMore,
    /// It is left out, which has been reported, or no lines are wanted at all.
    No,
}

/// The count of one minute's lines. Its size does not depend on how many are sent, nor by whom.
#[derive(Debug)]
pub(crate) struct Allowance {
    per_minute: u32,
    minute: Mutex<Minute>,
}

#[derive(Debug, Default)]
struct Minute {
    /// Since 1970.
    number: i64,
    lines: u32,
    /// How many were left out in earlier minutes and not reported yet.
    untold: u32,
}

fn minute_of(now: Timestamp) -> i64 {
    now.as_second().div_euclid(60)
}

impl Allowance {
    pub(crate) fn new(per_minute: u32) -> Self {
        Self { per_minute, minute: Mutex::default() }
    }

    pub(crate) fn ask(&self, now: Timestamp) -> Allowed {
        let mut minute = self.minute.lock().unwrap_or_else(PoisonError::into_inner);
        self.turn_to(&mut minute, now);
        minute.lines = minute.lines.saturating_add(1);
        match minute.lines {
            _ if self.per_minute == 0 => Allowed::No,
            count if count <= self.per_minute => Allowed::Yes,
            count if count == self.per_minute.saturating_add(1) => Allowed::NoMore,
            _ => Allowed::No,
        }
    }

    /// How many lines were left out in past minutes; each is reported once.
    fn left_out(&self, now: Timestamp) -> u32 {
        let mut minute = self.minute.lock().unwrap_or_else(PoisonError::into_inner);
        self.turn_to(&mut minute, now);
        std::mem::take(&mut minute.untold)
    }

    fn turn_to(&self, minute: &mut Minute, now: Timestamp) {
        let number = minute_of(now);
        if minute.number != number {
            let left_out = minute.lines.saturating_sub(self.per_minute);
            let untold = minute.untold.saturating_add(left_out);
            *minute = Minute { number, lines: 0, untold };
        }
    }
}

/// Who brought a line about. Strangers use up their own allowance: no flood of theirs hides what
/// the application or its database has to say under the same code.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Doing {
    Ours,
    Strangers,
}

/// An allowance for each code. There is a lock for each, taken only where a line is written.
#[derive(Debug)]
pub(super) struct Allowances {
    ours: Vec<Allowance>,
    strangers: Vec<Allowance>,
    /// The last minute in which something was left out and not reported yet; 0 for none.
    untold: AtomicI64,
}

impl Allowances {
    pub(super) fn new(per_minute: u32) -> Self {
        let each = || ErrorCode::ALL.iter().map(|_| Allowance::new(per_minute)).collect::<Vec<_>>();
        Self { ours: each(), strangers: each(), untold: AtomicI64::new(0) }
    }

    pub(super) fn ask(&self, code: ErrorCode, doing: Doing, now: Timestamp) -> Allowed {
        let allowances = match doing {
            Doing::Ours => &self.ours,
            Doing::Strangers => &self.strangers,
        };
        // The codes are numbered as `ALL` has them.
        let allowed = allowances.get(code as usize).map_or(Allowed::Yes, |own| own.ask(now));
        if allowed != Allowed::Yes {
            self.untold.store(minute_of(now), Ordering::Relaxed);
        }
        allowed
    }

    /// How many were left out in past minutes, by code.
    pub(super) fn left_out(&self, now: Timestamp) -> Vec<(ErrorCode, u32)> {
        let untold = self.untold.load(Ordering::Relaxed);
        if untold == 0 || untold == minute_of(now) {
            return Vec::new();
        }
        self.untold.store(0, Ordering::Relaxed);
        let each =
            ErrorCode::ALL.iter().zip(&self.ours).chain(ErrorCode::ALL.iter().zip(&self.strangers));
        each.map(|(code, allowance)| (*code, allowance.left_out(now)))
            .filter(|(_, left_out)| *left_out > 0)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_040 + second).unwrap()
    }

    #[test]
    fn r198_what_was_left_out_is_told_once_and_when_the_minute_is_over() {
        let allowances = Allowances::new(3);
        let code = ErrorCode::JwtSession;
        let asked: Vec<_> =
            (0..10).map(|_| allowances.ask(code, Doing::Strangers, at(0))).collect();
        assert_eq!(
            asked[..5],
            [Allowed::Yes, Allowed::Yes, Allowed::Yes, Allowed::NoMore, Allowed::No]
        );
        assert!(allowances.left_out(at(19)).is_empty());
        assert_eq!(allowances.left_out(at(60)), [(code, 7)]);
        assert!(allowances.left_out(at(60)).is_empty());
        assert_eq!(allowances.ask(code, Doing::Strangers, at(61)), Allowed::Yes);
    }

    #[test]
    fn r198_a_flood_of_strangers_hides_nothing_of_ours() {
        let allowances = Allowances::new(3);
        for _ in 0..1_000_000 {
            allowances.ask(ErrorCode::JwtSession, Doing::Strangers, at(0));
        }
        assert_eq!(allowances.ask(ErrorCode::JwtSession, Doing::Ours, at(0)), Allowed::Yes);
        assert_eq!(allowances.ask(ErrorCode::Session, Doing::Strangers, at(0)), Allowed::Yes);
    }

    #[test]
    fn every_code_has_a_number_of_its_own() {
        for (number, code) in ErrorCode::ALL.iter().enumerate() {
            assert_eq!(*code as usize, number);
        }
    }
}
