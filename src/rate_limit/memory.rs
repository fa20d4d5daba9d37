//! The attempt store of one process, in a bounded piece of memory.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::{AttemptKey, AttemptStore, Counted};
use crate::error::AdapterError;

/// Most entries of one kind. A table of so many takes 1.6 MiB.
const MAXIMUM: usize = 50_000;

/// Counts in the memory of this process. It is the default.
///
/// Memory is bounded: 50,000 counters, and as many clients that have signed in. Who fills it makes
/// the smallest counters go, not those of an account that is under attack, and no client that has
/// signed in: those are kept apart, and the oldest goes when so many others sign in.
///
/// ```
/// use typegate::rate_limit::{Allowances, MemoryAttempts};
///
/// let limit = Allowances::default().counted_in(MemoryAttempts::default()); // as it is anyway
/// ```
#[derive(Default)]
pub struct MemoryAttempts {
    hasher: RandomState,
    tables: Mutex<Tables>,
}

/// Keys are kept as hashes under a key of this process: 8 bytes instead of an address.
#[derive(Default)]
struct Tables {
    counters: HashMap<u64, Counter>,
    /// Until when somebody is remembered.
    remembered: HashMap<u64, Timestamp>,
}

#[derive(Clone, Copy)]
struct Counter {
    attempts: u32,
    ends: Timestamp,
}

impl MemoryAttempts {
    fn locked(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hash(&self, key: AttemptKey<'_>) -> u64 {
        self.hasher.hash_one(key)
    }

    fn counted(&self, key: AttemptKey<'_>, now: Timestamp, window: u32) -> Counted {
        let end = crate::runtime::clock::after(now, window.into());
        let mut tables = self.locked();
        let counters = &mut tables.counters;
        if counters.len() >= MAXIMUM {
            shrink(counters, |counter| counter.ends > now, |counter| counter.attempts.into());
        }
        let counter = counters.entry(self.hash(key)).or_insert(Counter { attempts: 0, ends: end });
        // A clock that was set back starts a new window, too.
        if counter.ends <= now || counter.ends > end {
            *counter = Counter { attempts: 0, ends: end };
        }
        counter.attempts = counter.attempts.saturating_add(1);
        Counted { attempts: counter.attempts, ends: counter.ends }
    }
}

/// Makes room for half as many: what has ended goes, then what is worth least.
fn shrink<V>(
    entries: &mut HashMap<u64, V>,
    is_alive: impl Fn(&V) -> bool,
    worth: impl Fn(&V) -> i64,
) {
    entries.retain(|_, entry| is_alive(entry));
    if entries.len() <= MAXIMUM / 2 {
        return;
    }
    let mut values: Vec<i64> = entries.values().map(&worth).collect();
    let (_, least, above) = values.select_nth_unstable(MAXIMUM / 2);
    let least = *least;
    // Of those that are worth the same, some.
    let mut room = MAXIMUM / 2 - above.iter().filter(|value| **value > least).count();
    entries.retain(|_, entry| {
        let worth = worth(entry);
        let stays = worth > least || worth == least && room > 0;
        room = room.saturating_sub(usize::from(stays && worth == least));
        stays
    });
}

impl AttemptStore for MemoryAttempts {
    async fn count(
        &self,
        key: AttemptKey<'_>,
        now: Timestamp,
        window: u32,
    ) -> Result<Counted, AdapterError> {
        Ok(self.counted(key, now, window))
    }

    async fn take_back(&self, key: AttemptKey<'_>, _: Timestamp) -> Result<(), AdapterError> {
        if let Some(counter) = self.locked().counters.get_mut(&self.hash(key)) {
            counter.attempts = counter.attempts.saturating_sub(1);
        }
        Ok(())
    }

    async fn remember(
        &self,
        key: AttemptKey<'_>,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<(), AdapterError> {
        let mut tables = self.locked();
        let remembered = &mut tables.remembered;
        if remembered.len() >= MAXIMUM {
            shrink(remembered, |until| *until > now, |until| until.as_second());
        }
        let end = remembered.entry(self.hash(key)).or_insert(until);
        *end = until.max(*end);
        Ok(())
    }

    async fn remembers(&self, key: AttemptKey<'_>, now: Timestamp) -> Result<bool, AdapterError> {
        Ok(self.locked().remembered.get(&self.hash(key)).is_some_and(|until| *until > now))
    }
}

impl fmt::Debug for MemoryAttempts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tables = self.locked();
        f.debug_struct("MemoryAttempts")
            .field("counters", &tables.counters.len())
            .field("remembered", &tables.remembered.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv6Addr;

    use super::super::key::Share;
    use super::super::{Attempt, ClientNetwork, LimitedAction};
    use super::*;

    const NETWORK: u128 = 0x2001_0db8 << 96;
    const WINDOW: u32 = 900;

    fn time(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn by(network: u128) -> Attempt {
        let network = ClientNetwork::of(Ipv6Addr::from(network).into());
        Attempt::new(LimitedAction::Credentials, Some(network), time(0))
    }

    fn count(store: &MemoryAttempts, network: u128, second: i64) -> u32 {
        let attempt = by(network);
        store.counted(AttemptKey::new(Share::Client, &attempt, None), time(second), WINDOW).attempts
    }

    #[test]
    fn r081_a_window_starts_with_its_first_attempt_and_ends() {
        let store = MemoryAttempts::default();
        let counts = [0, 1, 899, 900, 901, 1799, 1800].map(|second| count(&store, NETWORK, second));
        assert_eq!(counts, [1, 2, 3, 1, 2, 3, 1]);
        // Set back.
        assert_eq!(count(&store, NETWORK, 5), 1);
        assert_eq!(count(&store, NETWORK + (1 << 64), 5), 1);
    }

    #[test]
    fn r081_all_addresses_of_one_network_share_a_counter() {
        let store = MemoryAttempts::default();
        let counts: Vec<u32> = (0..1 << 10).map(|host| count(&store, NETWORK + host, 0)).collect();
        assert_eq!(counts.last(), Some(&(1 << 10)));
    }

    #[test]
    fn r081_callers_at_the_same_time_share_a_counter() {
        let store = MemoryAttempts::default();
        let attempts = || (0..1000).filter(|_| count(&store, NETWORK, 0) <= 100).count();
        let allowed: usize = std::thread::scope(|scope| {
            let callers: Vec<_> = (0..8).map(|_| scope.spawn(attempts)).collect();
            callers.into_iter().map(|caller| caller.join().unwrap()).sum()
        });
        assert_eq!(allowed, 100);
    }

    #[tokio::test]
    async fn r157_memory_is_bounded_and_what_is_under_attack_stays_counted() {
        let store = MemoryAttempts::default();
        let known = by(NETWORK);
        let mark = AttemptKey::new(Share::Acquaintance, &known, Some("ada"));
        store.remember(mark, time(0), time(1_000_000)).await.unwrap();
        for attempts in 1..=30 {
            assert_eq!(count(&store, NETWORK, 0), attempts);
        }
        for network in 1..500_000 {
            count(&store, NETWORK + (network << 64), 0);
            if network % 100_000 == 0 {
                assert!(store.locked().counters.len() <= MAXIMUM);
            }
        }
        assert_eq!(count(&store, NETWORK, 0), 31);
        assert!(store.remembers(mark, time(999_999)).await.unwrap());
        assert!(!store.remembers(mark, time(1_000_000)).await.unwrap());
    }

    #[tokio::test]
    async fn r157_the_oldest_acquaintances_go_first() {
        let store = MemoryAttempts::default();
        for number in 0..=MAXIMUM {
            let client = by(NETWORK + ((number as u128) << 64));
            let mark = AttemptKey::new(Share::Acquaintance, &client, Some("ada"));
            store.remember(mark, time(0), time(1000 + number as i64)).await.unwrap();
        }
        assert_eq!(store.locked().remembered.len(), MAXIMUM / 2 + 1);
        let remembers = async |number: usize| {
            let client = by(NETWORK + ((number as u128) << 64));
            let mark = AttemptKey::new(Share::Acquaintance, &client, Some("ada"));
            store.remembers(mark, time(0)).await.unwrap()
        };
        assert!(!remembers(0).await && remembers(MAXIMUM).await && remembers(MAXIMUM - 1).await);
    }
}
