//! In which format is a session sealed?

use jiff::Timestamp;

#[cfg(feature = "auth-js-v5")]
use super::AuthJsKeys;
use super::{Claims, SealedToken, SealingKeys, SigningKeys, TokenRefused};
use crate::crypto::random::RandomError;

/// The keys of one session cookie, which also say its format.
#[derive(Debug)]
pub(crate) enum SessionKeys {
    NextAuthV4(SealingKeys),
    Signed(SigningKeys),
    #[cfg(feature = "auth-js-v5")]
    AuthJsV5(AuthJsKeys),
}

impl SessionKeys {
    /// Seals `claims` after setting `iat`, `exp` and `jti`, replacing what was there.
    pub(crate) fn seal(
        &self,
        claims: &mut Claims,
        now: Timestamp,
        maximum_age: i64,
    ) -> Result<SealedToken, RandomError> {
        match self {
            Self::NextAuthV4(keys) => keys.stamp_and_seal(claims, now, maximum_age),
            Self::Signed(keys) => keys.sign(claims, now, maximum_age),
            #[cfg(feature = "auth-js-v5")]
            Self::AuthJsV5(keys) => keys.seal(claims, now, maximum_age),
        }
    }

    pub(crate) fn open(&self, token: &str, now: Timestamp) -> Result<Claims, TokenRefused> {
        match self {
            Self::NextAuthV4(keys) => keys.open(token, now),
            Self::Signed(keys) => keys.verify(token, now),
            #[cfg(feature = "auth-js-v5")]
            Self::AuthJsV5(keys) => keys.open(token, now),
        }
    }
}
