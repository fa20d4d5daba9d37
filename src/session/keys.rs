//! The keys of a session cookie, which determine the format of its token.

use jiff::Timestamp;

#[cfg(feature = "auth-js-v5")]
use super::AuthJsKeys;
use super::SigningKeys;
use crate::crypto::random::RandomError;
use crate::jose::{Claims, SealedToken, SealingKeys, TokenRefused};

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
        let claims = match self {
            Self::NextAuthV4(keys) => keys.open(token, now),
            Self::Signed(keys) => keys.verify(token, now),
            #[cfg(feature = "auth-js-v5")]
            Self::AuthJsV5(keys) => keys.open(token, now),
        }?;
        if is_of_a_check(&claims) { Err(TokenRefused::Purpose) } else { Ok(claims) }
    }
}

/// Whether claims are a check cookie's and say nothing of a person. Until 4.24.5 next-auth sealed
/// state, nonce and code verifier with the session's key, and anybody who begins a sign-in is given
/// them (CVE-2023-48309).
fn is_of_a_check(claims: &Claims) -> bool {
    const OF_A_CHECK: [&str; 8] =
        ["value", "provider", "attempt", "browser", "max_age", "state", "nonce", "code_verifier"];
    const OF_EVERY_TOKEN: [&str; 3] = ["iat", "exp", "jti"];
    let names = || claims.as_object().keys().map(String::as_str);
    names().any(|name| OF_A_CHECK.contains(&name))
        && names().all(|name| OF_A_CHECK.contains(&name) || OF_EVERY_TOKEN.contains(&name))
}
