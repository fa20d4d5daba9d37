//! Counting in this process, in a bounded piece of memory.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher;
use std::mem::take;
use std::sync::{Mutex, PoisonError};

use super::{Attempt, CountedBy, RateLimit};
use crate::error::CallbackError;

/// A quarter of an hour, in seconds.
const WINDOW: i64 = 15 * 60;
const PER_CLIENT: u32 = 100;
const PER_RECIPIENT: u32 = 10;
/// Counters of one generation; there are two.
const GENERATION: usize = 32 * 1024;

/// Counts in the memory of this process: in a quarter of an hour, 100 attempts of one kind by one
/// client, and 10 messages to one recipient. It is the default.
///
/// A window starts with the first attempt. Memory is bounded by 65,536 counters (2 MiB); who has
/// that many networks makes the oldest counters go.
///
/// ```
/// use typegate::rate_limit::MemoryRateLimit;
///
/// let limit = MemoryRateLimit::default().per_client(20).per_recipient(3).window(60 * 60);
/// ```
pub struct MemoryRateLimit {
    window: i64,
    per_client: u32,
    per_recipient: u32,
    hasher: RandomState,
    counters: Mutex<Generations>,
}

/// Counters that were used since the last turn, and those that were used in the turn before.
#[derive(Default)]
struct Generations {
    current: HashMap<u64, Counter>,
    previous: HashMap<u64, Counter>,
}

#[derive(Clone, Copy)]
struct Counter {
    since: i64,
    attempts: u32,
}

impl Default for MemoryRateLimit {
    fn default() -> Self {
        Self {
            window: WINDOW,
            per_client: PER_CLIENT,
            per_recipient: PER_RECIPIENT,
            hasher: RandomState::new(),
            counters: Mutex::default(),
        }
    }
}

impl fmt::Debug for MemoryRateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryRateLimit")
            .field("window", &self.window)
            .field("per_client", &self.per_client)
            .field("per_recipient", &self.per_recipient)
            .finish_non_exhaustive()
    }
}

impl MemoryRateLimit {
    /// Attempts of one kind by one client in a window.
    #[must_use]
    pub fn per_client(mut self, attempts: u32) -> Self {
        self.per_client = attempts;
        self
    }

    /// Messages to one recipient in a window.
    #[must_use]
    pub fn per_recipient(mut self, messages: u32) -> Self {
        self.per_recipient = messages;
        self
    }

    /// How long a window is, in seconds.
    #[must_use]
    pub fn window(mut self, seconds: u32) -> Self {
        self.window = i64::from(seconds);
        self
    }

    /// Keys are kept as hashes under a key of this process: 8 bytes instead of an address.
    fn key(&self, attempt: &Attempt) -> u64 {
        self.hasher.hash_one((attempt.action, &attempt.by))
    }

    fn count(&self, attempt: &Attempt) -> bool {
        let key = self.key(attempt);
        let maximum = match &attempt.by {
            CountedBy::Client(_) => self.per_client,
            CountedBy::Recipient(_) => self.per_recipient,
        };
        let now = attempt.now.as_second();
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        let Generations { current, previous } = &mut *counters;
        let known = current.get(&key).copied().or_else(|| previous.remove(&key));
        // A clock that was set back starts a new window, too.
        let running = known.filter(|known| (known.since..known.since + self.window).contains(&now));
        let counter = match running {
            Some(Counter { since, attempts }) => {
                Counter { since, attempts: attempts.saturating_add(1) }
            }
            None => Counter { since: now, attempts: 1 },
        };
        current.insert(key, counter);
        if current.len() >= GENERATION {
            *previous = take(current);
        }
        counter.attempts <= maximum
    }
}

impl RateLimit for MemoryRateLimit {
    async fn allow(&self, attempt: Attempt) -> Result<bool, CallbackError> {
        Ok(self.count(&attempt))
    }

    /// What is left of the window.
    fn retry_after(&self, attempt: &Attempt) -> Option<u32> {
        let counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        let key = self.key(attempt);
        let counter = counters.current.get(&key).or_else(|| counters.previous.get(&key))?;
        let left = counter.since + self.window - attempt.now.as_second();
        u32::try_from(left.clamp(1, self.window.max(1))).ok()
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv6Addr;

    use jiff::Timestamp;

    use super::super::{ClientNetwork, LimitedAction};
    use super::*;

    fn by(network: u128, second: i64) -> Attempt {
        let network = ClientNetwork::of(Ipv6Addr::from(network).into());
        let now = Timestamp::from_second(second).unwrap();
        Attempt::new(LimitedAction::Credentials, CountedBy::Client(network), now)
    }

    const NETWORK: u128 = 0x2001_0db8 << 96;

    #[test]
    fn r081_the_101st_attempt_in_a_window_is_refused() {
        let limit = MemoryRateLimit::default();
        assert!((0..100).all(|_| limit.count(&by(NETWORK, 0))));
        assert!(!limit.count(&by(NETWORK, 1)));
        let left = [1, 10, WINDOW - 1].map(|now| limit.retry_after(&by(NETWORK, now)));
        assert_eq!(left, [Some(899), Some(890), Some(1)]);
        assert_eq!(limit.retry_after(&by(NETWORK + (1 << 64), 1)), None);
        assert!(!limit.count(&by(NETWORK, WINDOW - 1)));
        assert!(limit.count(&by(NETWORK, WINDOW)));
        // Another network, and another action, have counters of their own.
        assert!(limit.count(&by(NETWORK + (1 << 64), 1)));
        let other = Attempt { action: LimitedAction::LogLine, ..by(NETWORK, 1) };
        assert!(limit.count(&other));
    }

    #[test]
    fn r081_all_addresses_of_one_network_share_a_counter() {
        let limit = MemoryRateLimit::default();
        let allowed = (0..1 << 16).filter(|host| limit.count(&by(NETWORK + host, 0))).count();
        assert_eq!(allowed, 100);
    }

    #[test]
    fn r081_callers_at_the_same_time_share_a_counter() {
        let limit = MemoryRateLimit::default();
        let attempts = || (0..1000).filter(|_| limit.count(&by(NETWORK, 0))).count();
        let allowed: usize = std::thread::scope(|scope| {
            let callers: Vec<_> = (0..8).map(|_| scope.spawn(attempts)).collect();
            callers.into_iter().map(|caller| caller.join().unwrap()).sum()
        });
        assert_eq!(allowed, 100);
    }

    #[test]
    fn r157_memory_is_bounded_and_counters_in_use_stay() {
        let limit = MemoryRateLimit::default().per_client(1);
        assert!(limit.count(&by(NETWORK, 0)));
        for network in 1..1_000_000 {
            limit.count(&by(NETWORK + (network << 64), 0));
            if network % 10_000 == 0 {
                assert!(!limit.count(&by(NETWORK, 0)));
                let counters = limit.counters.lock().unwrap();
                assert!(counters.current.len() + counters.previous.len() < 2 * GENERATION);
            }
        }
    }
}
