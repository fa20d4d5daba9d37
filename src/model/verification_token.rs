//! The verification token, which makes an e-mail link work once.

use jiff::Timestamp;

use crate::crypto::secret::TokenHash;

/// The stored half of an e-mail link: never the token itself, only its hash.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VerificationToken {
    /// The address the link was sent to, normalised.
    pub identifier: String,
    /// SHA-256 of token and secret, hexadecimal.
    pub token: TokenHash,
    /// When the link ends. The adapter does not judge this; the flows do.
    pub expires: Timestamp,
}

impl VerificationToken {
    /// A stored token.
    #[must_use]
    pub fn new(identifier: impl Into<String>, token: TokenHash, expires: Timestamp) -> Self {
        Self { identifier: identifier.into(), token, expires }
    }
}
