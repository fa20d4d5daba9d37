//! Sealing and opening NextAuth v4's tokens: JWE compact serialisation, `dir` and `A256GCM`.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::hkdf;
use serde_json::Value;

use crate::crypto::random::{self, RandomError};
use crate::jwt::Claims;
use crate::model::JsonObject;
use crate::secret::Secret;

/// `{"alg":"dir","enc":"A256GCM"}`
const PROTECTED_HEADER: &str = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0";
const KEY_INFO: &str = "NextAuth.js Generated Encryption Key";
/// How long past `exp`, and how far before `nbf`, a token is still good: clocks differ.
const TOLERANCE: i64 = 15;
/// Longest token that is looked at: 32 cookie chunks.
pub(crate) const MAXIMUM_TOKEN_LENGTH: usize = 128 * 1024;

/// Why a sealed token was not opened. Who sent it learns nothing of this.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum TokenRefused {
    #[error("the token is not a compact JWE")]
    Malformed,
    #[error("the token is not encrypted with `dir` and `A256GCM`")]
    Algorithm,
    #[error("the token was not sealed with a configured secret, or was changed since")]
    Decryption,
    #[error("the token does not hold a JSON object")]
    Payload,
    #[error("the token's claim `{0}` is missing or not a number")]
    Claim(&'static str),
    #[error("the token is not valid yet")]
    NotYetValid,
    #[error("the token has expired")]
    Expired,
}

/// A token and when it stops being accepted.
pub(crate) struct SealedToken {
    pub(crate) text: String,
}

/// One key for each configured secret: the first seals, all open. The derivation is done once,
/// here, and never while a request is served.
pub(crate) struct SealingKeys {
    keys: Vec<LessSafeKey>,
}

impl fmt::Debug for SealingKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKeys(redacted)")
    }
}

impl SealingKeys {
    /// Derives the keys for tokens of one purpose: `salt` is empty for sessions and the name of
    /// the cookie for state, nonce and PKCE.
    pub(crate) fn derive(secrets: &[Secret], salt: &str) -> Self {
        Self { keys: secrets.iter().filter_map(|secret| derive(secret.expose(), salt)).collect() }
    }

    /// Seals `claims` after setting `iat`, `exp` and `jti`, replacing what was there.
    pub(crate) fn seal(
        &self,
        mut claims: Claims,
        now: Timestamp,
        maximum_age: i64,
    ) -> Result<SealedToken, RandomError> {
        // One call to the generator for both values; each byte is used once.
        let randomness: [u8; 28] = random::bytes()?;
        let (iv, id) = split(&randomness);
        let issued_at = now.as_second();
        claims.insert("iat", issued_at);
        claims.insert("exp", issued_at.saturating_add(maximum_age));
        claims.insert("jti", random::uuid_from(id));
        let plaintext = serde_json::to_vec(&claims).map_err(|_| RandomError)?;
        self.seal_bytes(plaintext, iv)
    }

    fn seal_bytes(&self, mut buffer: Vec<u8>, iv: [u8; 12]) -> Result<SealedToken, RandomError> {
        let key = self.keys.first().ok_or(RandomError)?;
        let tag = key
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(iv),
                Aad::from(PROTECTED_HEADER.as_bytes()),
                &mut buffer,
            )
            .map_err(|_| RandomError)?;
        let mut text = String::with_capacity(PROTECTED_HEADER.len() + buffer.len() * 4 / 3 + 50);
        text.push_str(PROTECTED_HEADER);
        text.push_str("..");
        URL_SAFE_NO_PAD.encode_string(iv, &mut text);
        text.push('.');
        URL_SAFE_NO_PAD.encode_string(&buffer, &mut text);
        text.push('.');
        URL_SAFE_NO_PAD.encode_string(tag.as_ref(), &mut text);
        Ok(SealedToken { text })
    }

    /// Opens a token and checks its times.
    ///
    /// In this order: length, five parts, header, empty second part, IV of 96 and tag of 128
    /// bits, decryption, JSON object, `iat`, `nbf` and `exp`. A token without `exp` is refused
    /// (v4 accepts it for ever).
    pub(crate) fn open(&self, token: &str, now: Timestamp) -> Result<Claims, TokenRefused> {
        let members = self.decrypt(token)?;
        let now = now.as_second();
        if members.contains_key("iat") {
            numeric(&members, "iat")?;
        }
        if members.contains_key("nbf") && numeric(&members, "nbf")? > (now + TOLERANCE) as f64 {
            return Err(TokenRefused::NotYetValid);
        }
        if numeric(&members, "exp")? <= (now - TOLERANCE) as f64 {
            return Err(TokenRefused::Expired);
        }
        Ok(Claims::from(members))
    }

    fn decrypt(&self, token: &str) -> Result<JsonObject, TokenRefused> {
        if token.len() > MAXIMUM_TOKEN_LENGTH {
            return Err(TokenRefused::Malformed);
        }
        let mut parts = token.split('.');
        let mut part = || parts.next().ok_or(TokenRefused::Malformed);
        let (header, encrypted_key, iv, ciphertext, tag) =
            (part()?, part()?, part()?, part()?, part()?);
        if parts.next().is_some() {
            return Err(TokenRefused::Malformed);
        }
        check_header(header)?;
        if !encrypted_key.is_empty() {
            return Err(TokenRefused::Malformed);
        }
        let decode = |text| URL_SAFE_NO_PAD.decode(text).map_err(|_| TokenRefused::Malformed);
        let iv: [u8; 12] = decode(iv)?.try_into().map_err(|_| TokenRefused::Malformed)?;
        let mut sealed = decode(ciphertext)?;
        let length = sealed.len();
        let tag = decode(tag)?;
        if tag.len() != AES_256_GCM.tag_len() {
            return Err(TokenRefused::Malformed);
        }
        sealed.extend_from_slice(&tag);
        for (index, key) in self.keys.iter().enumerate() {
            // Opening overwrites the buffer, so all but the last key work on a copy.
            let mut copy;
            let buffer = if index + 1 == self.keys.len() {
                &mut sealed
            } else {
                copy = sealed.clone();
                &mut copy
            };
            let nonce = Nonce::assume_unique_for_key(iv);
            if key.open_in_place(nonce, Aad::from(header.as_bytes()), buffer).is_ok() {
                let plaintext = buffer.get(..length).ok_or(TokenRefused::Decryption)?;
                return serde_json::from_slice(plaintext).map_err(|_| TokenRefused::Payload);
            }
        }
        Err(TokenRefused::Decryption)
    }
}

/// Other header members, such as `typ` and `kid`, are not looked at, as in v4; the algorithms are
/// pinned, `zip` and `crit` refused (RFC 8725 sections 3.1 and 3.6).
fn check_header(header: &str) -> Result<(), TokenRefused> {
    if header == PROTECTED_HEADER {
        return Ok(());
    }
    let bytes = URL_SAFE_NO_PAD.decode(header).map_err(|_| TokenRefused::Malformed)?;
    let header: JsonObject = serde_json::from_slice(&bytes).map_err(|_| TokenRefused::Malformed)?;
    let is = |name, text| header.get(name).and_then(Value::as_str) == Some(text);
    if is("alg", "dir")
        && is("enc", "A256GCM")
        && !header.contains_key("zip")
        && !header.contains_key("crit")
    {
        Ok(())
    } else {
        Err(TokenRefused::Algorithm)
    }
}

fn numeric(claims: &JsonObject, name: &'static str) -> Result<f64, TokenRefused> {
    claims.get(name).and_then(Value::as_f64).ok_or(TokenRefused::Claim(name))
}

fn split(randomness: &[u8; 28]) -> ([u8; 12], [u8; 16]) {
    let (mut iv, mut id) = ([0; 12], [0; 16]);
    for (target, source) in iv.iter_mut().chain(&mut id).zip(randomness) {
        *target = *source;
    }
    (iv, id)
}

/// HKDF with SHA-256 (RFC 5869); `None` only if the secret is empty, which [`Secret`] excludes.
fn derive(secret: &[u8], salt: &str) -> Option<LessSafeKey> {
    if secret.is_empty() {
        return None;
    }
    let info = if salt.is_empty() { KEY_INFO.into() } else { format!("{KEY_INFO} ({salt})") };
    let mut key = [0; 32];
    hkdf::Salt::new(hkdf::HKDF_SHA256, salt.as_bytes())
        .extract(secret)
        .expand(&[info.as_bytes()], KeyLength)
        .and_then(|output| output.fill(&mut key))
        .and_then(|()| UnboundKey::new(&AES_256_GCM, &key))
        .map(LessSafeKey::new)
        .ok()
}

struct KeyLength;

impl hkdf::KeyType for KeyLength {
    fn len(&self) -> usize {
        32
    }
}

#[cfg(test)]
mod tests;
