//! The attempt key, in the names of check cookies: it tells apart the sign-ins that are under way
//! in one browser.

use crate::crypto::hash::sha256_hexadecimal;

/// Hexadecimal digits of a key: 64 bits tell the attempts of one browser apart.
const LENGTH: usize = 16;

/// The key of an attempt. It is a hash of what the provider gives back with the browser, the state
/// (RFC 6749 section 4.1.2) or the request token (RFC 5849 section 2.3), so two tabs that begin in
/// the same moment have two keys, and whoever does not know an attempt's state cannot name its
/// cookies.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct AttemptKey(String);

impl AttemptKey {
    /// The key of the attempt with that state or request token.
    pub(crate) fn of(returned: &str) -> Self {
        let mut key = sha256_hexadecimal(&[returned.as_bytes()]);
        key.truncate(LENGTH);
        Self(key)
    }

    /// The key in a cookie's name: what follows the name of the check and a full stop.
    pub(super) fn in_name(name: &[u8], check: &str) -> Option<Self> {
        let key = name.strip_prefix(check.as_bytes())?.strip_prefix(b".")?;
        let is_key =
            key.len() == LENGTH && key.iter().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let key = str::from_utf8(key).ok().filter(|_| is_key)?;
        Some(Self(key.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r186_a_key_is_found_in_the_names_that_it_makes_and_in_no_others() {
        let key = AttemptKey::of("state");
        let name = format!("next-auth.state.{}", key.as_str());
        assert_eq!(AttemptKey::in_name(name.as_bytes(), "next-auth.state"), Some(key));
        assert_ne!(AttemptKey::of("state"), AttemptKey::of("State"));
        for name in [
            "next-auth.state",
            "next-auth.state.",
            "next-auth.state.0",
            "next-auth.state.0123456789ABCDEF",
            "next-auth.state.0123456789abcdef0",
            "next-auth.states.0123456789abcdef",
            "next-auth.nonce.0123456789abcdef",
        ] {
            assert_eq!(AttemptKey::in_name(name.as_bytes(), "next-auth.state"), None, "{name}");
        }
    }
}
