//! First times: what is said once of each of several things, of which strangers can make some up.

use std::collections::VecDeque;
use std::hash::{BuildHasher as _, Hash, RandomState};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

/// Of how many things something is said in an hour.
const IN_AN_HOUR: usize = 8;
const HOUR: i64 = 60 * 60;

/// The things of which something was said lately. Its size does not depend on what strangers send, and
/// what they make up is in nobody's way for longer than an hour.
#[derive(Debug, Default)]
pub(crate) struct FirstTimes {
    /// By their hashes, the oldest first.
    said: Mutex<VecDeque<(u64, Timestamp)>>,
    hasher: RandomState,
}

impl FirstTimes {
    /// Whether it is time to say something of this, for the first time.
    pub(crate) fn is_first(&self, thing: &impl Hash, now: Timestamp) -> bool {
        let hash = self.hasher.hash_one(thing);
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.iter().any(|(known, _)| *known == hash) {
            return false;
        }
        if said.len() >= IN_AN_HOUR {
            // What was said in the future was said by a clock that was ahead.
            let ago = said.front().map(|(_, at)| now.as_second() - at.as_second());
            if ago.is_some_and(|ago| (0..HOUR).contains(&ago)) {
                return false;
            }
            said.pop_front();
        }
        said.push_back((hash, now));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r220_what_strangers_make_up_is_bounded_and_in_nobodys_way_for_long() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let times = FirstTimes::default();
        let said = |now| (0..100).filter(|thing| times.is_first(thing, at(now))).count();
        assert_eq!(said(0), IN_AN_HOUR);
        assert_eq!(said(HOUR - 1), 0);
        assert!(!times.is_first(&"ours", at(HOUR - 1)));
        assert!(times.is_first(&"ours", at(HOUR)));
        assert!(!times.is_first(&"ours", at(HOUR)), "once");
        assert_eq!(times.said.lock().unwrap().len(), IN_AN_HOUR);
        // A clock that goes back stops nobody for as long as it was ahead.
        assert!(times.is_first(&"others", at(-HOUR)));
    }
}
