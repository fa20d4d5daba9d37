//! A map whose entries expire.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use ring::{error::Unspecified, rand::SystemRandom};

use super::encoding::random_id;

/// Values under random ids, each for the same lifetime, never more than `capacity`.
pub(crate) struct ExpiringMap<V> {
    entries: Mutex<HashMap<String, Entry<V>>>,
    lifetime: Duration,
    capacity: usize,
    random: SystemRandom,
}

struct Entry<V> {
    value: V,
    expires_at: Instant,
}

impl<V> ExpiringMap<V> {
    pub(crate) fn new(lifetime: Duration, capacity: usize, random: SystemRandom) -> Self {
        Self { entries: Mutex::default(), lifetime, capacity, random }
    }

    pub(super) fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// Keeps `value` and returns its id. When the map is full the oldest entry goes.
    pub(crate) fn insert(&self, value: V) -> Result<String, Unspecified> {
        let id = random_id(&self.random)?;
        let now = Instant::now();
        let mut entries = self.lock();
        entries.retain(|_, entry| entry.expires_at > now);
        if entries.len() >= self.capacity
            && let Some(oldest) =
                entries.iter().min_by_key(|(_, entry)| entry.expires_at).map(|(id, _)| id.clone())
        {
            entries.remove(&oldest);
        }
        entries.insert(id.clone(), Entry { value, expires_at: now + self.lifetime });
        Ok(id)
    }

    /// Removes the value, so that of two callers with one id only one gets it.
    pub(crate) fn take(&self, id: &str) -> Option<V> {
        let entry = self.lock().remove(id)?;
        (entry.expires_at > Instant::now()).then_some(entry.value)
    }

    pub(super) fn remove_where(&self, mut unwanted: impl FnMut(&V) -> bool) {
        self.lock().retain(|_, entry| !unwanted(&entry.value));
    }

    /// No caller can panic while holding the lock, and each change is one map
    /// operation: a poisoned map is still whole.
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Entry<V>>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<V: Clone> ExpiringMap<V> {
    pub(super) fn get(&self, id: &str) -> Option<V> {
        self.lock()
            .get(id)
            .filter(|entry| entry.expires_at > Instant::now())
            .map(|entry| entry.value.clone())
    }
}
