//! Back-channel logout (OpenID Connect Back-Channel Logout 1.0): the sessions that a logout token ends,
//! and the tokens that were used.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::adapter::ErasedUserSessionStore;
use crate::crypto::hash::sha256_hexadecimal;
use crate::log::Allowance;
use crate::oauth::MAXIMUM_CLOCK_TOLERANCE;

/// How many used tokens are remembered at most. Only a provider can fill this, because a token
/// gets here after its signature was verified.
const MAXIMUM: usize = 10_000;

/// How long a token may pass the checks after it expired, in seconds, and a second for a fraction.
const TOLERANCE: i64 = MAXIMUM_CLOCK_TOLERANCE as i64 + 1;

/// How many requests of one kind that anybody can send are logged in a minute.
const LINES_PER_MINUTE: u32 = 10;

/// The sessions that a logout token ends, and the tokens that ended some.
pub(crate) struct BackChannelLogout {
    pub(crate) sessions: Arc<dyn ErasedUserSessionStore>,
    pub(crate) used: UsedTokens,
    /// Of tokens that a provider may not have signed.
    pub(crate) refusals: Allowance,
    /// Of providers that could not be asked whether they signed a token.
    pub(crate) outages: Allowance,
}

impl BackChannelLogout {
    pub(super) fn new(sessions: Arc<dyn ErasedUserSessionStore>) -> Self {
        let allowance = || Allowance::new(LINES_PER_MINUTE);
        Self { sessions, used: UsedTokens::default(), refusals: allowance(), outages: allowance() }
    }
}

impl fmt::Debug for BackChannelLogout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BackChannelLogout")
    }
}

/// The ids of tokens that were used in this process, until they expire.
///
/// Another process takes a token once more, which ends the sessions that are there by then: a
/// nuisance for somebody who signed in again within the two minutes that such a token lives, and
/// nothing that a thief of the token could gain by.
#[derive(Debug, Default)]
pub(crate) struct UsedTokens(Mutex<HashMap<String, i64>>);

impl UsedTokens {
    pub(crate) fn contains(&self, provider: &str, token_id: &str, now: i64) -> bool {
        let used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        used.get(&key(provider, token_id)).is_some_and(|end| *end >= now)
    }

    pub(crate) fn insert(&self, provider: &str, token_id: &str, expires: f64, now: i64) {
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if used.len() >= MAXIMUM {
            used.retain(|_, end| *end >= now);
        }
        if used.len() >= MAXIMUM
            && let Some(first) = used.iter().min_by_key(|(_, end)| **end)
        {
            let first = first.0.clone();
            used.remove(&first);
        }
        // `as` keeps to the bounds of the type.
        used.insert(key(provider, token_id), (expires as i64).saturating_add(TOLERANCE));
    }
}

/// An id of a provider has no such character.
fn key(provider: &str, token_id: &str) -> String {
    sha256_hexadecimal(&[provider.as_bytes(), b"\0", token_id.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_remembered_until_it_expires_and_never_too_many_are() {
        let used = UsedTokens::default();
        used.insert("one", "a", 100.5, 0);
        assert!(used.contains("one", "a", 701) && !used.contains("one", "a", 702));
        assert!(!used.contains("another", "a", 0) && !used.contains("one", "b", 0));
        for count in 0..MAXIMUM {
            used.insert("one", &count.to_string(), 1000.0, 0);
        }
        assert_eq!(used.0.lock().unwrap().len(), MAXIMUM);
        assert!(!used.contains("one", "a", 0), "the one that expired first");
        used.insert("one", "last", f64::INFINITY, 2000);
        assert_eq!(used.0.lock().unwrap().len(), 1);
        assert!(used.contains("one", "last", i64::MAX));
    }
}
