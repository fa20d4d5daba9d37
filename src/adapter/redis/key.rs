//! The names of keys in Redis.

use std::sync::Arc;

use crate::crypto::hash::sha256_hexadecimal;
use crate::crypto::secret::{SessionToken, TokenHash};
use crate::rate_limit::AttemptKey;

/// Names with the prefix of the application.
///
/// A token is part of a name by its hash: names show up in the slow log, and a visitor's cookie
/// must not choose length, bytes or cluster slot of a name.
#[derive(Clone)]
pub(super) struct Keys {
    prefix: Arc<str>,
}

impl Keys {
    pub(super) fn new(prefix: String) -> Self {
        Self { prefix: prefix.into() }
    }

    /// Holds the record of a session.
    pub(super) fn session(&self, handle: &str) -> String {
        format!("{}session:{handle}", self.prefix)
    }

    /// Holds the handles of a user's sessions, each with the time at which the server drops it.
    pub(super) fn sessions_of_user(&self, user_id: &str) -> String {
        format!("{}sessions-of-user:{user_id}", self.prefix)
    }

    /// Holds the end of an e-mail link.
    pub(super) fn link(&self, identifier: &str, token: &TokenHash) -> String {
        let length = (identifier.len() as u64).to_be_bytes();
        let parts = [&length, identifier.as_bytes(), token.expose().as_bytes()];
        format!("{}link:{}", self.prefix, sha256_hexadecimal(&parts))
    }

    /// Holds a number of attempts, or says by being there that a client has signed in.
    pub(super) fn attempt(&self, key: &AttemptKey<'_>) -> String {
        format!("{}attempt:{}", self.prefix, key.digest())
    }
}

/// What stands for a session token in names and sets.
pub(super) fn handle(token: &SessionToken) -> String {
    sha256_hexadecimal(&[token.expose().as_bytes()])
}
