//! Encodings and random ids: base64url, SHA-256, 256 bits that nobody guesses.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    digest::{SHA256, digest},
    error::Unspecified,
    rand::{SecureRandom, SystemRandom},
};

pub(super) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn sha256_base64url(text: &str) -> String {
    base64url(digest(&SHA256, text.as_bytes()))
}

/// 256 random bits: an id that cannot be guessed (RFC 6749 section 10.10).
pub(super) fn random_id(random: &SystemRandom) -> Result<String, Unspecified> {
    let mut bytes = [0_u8; 32];
    random.fill(&mut bytes)?;
    Ok(base64url(bytes))
}
