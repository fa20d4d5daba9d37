//! Encrypted session tokens of NextAuth v4: JWE in the compact serialization with `dir` and
//! `A256GCM` (RFC 7518 sections 4.5 and 5.3), under a key derived from the application's secret by
//! HKDF (RFC 5869).

use std::fmt;

use jiff::Timestamp;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::hkdf;
use secrecy::zeroize::Zeroizing;
use serde_json::Value;

use super::compact::{self, Compact, Decoded, SealedToken, TokenRefused};
use crate::crypto::random::RandomError;
use crate::crypto::secret::Secret;
use crate::jose::Claims;

/// `{"alg":"dir","enc":"A256GCM"}`
const PROTECTED_HEADER: &str = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0";
const KEY_INFO: &str = "NextAuth.js Generated Encryption Key";

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
        let info = if salt.is_empty() { KEY_INFO.into() } else { format!("{KEY_INFO} ({salt})") };
        let keys = secrets.iter().filter_map(|secret| {
            let key = derive::<32>(secret, salt, &info)?;
            UnboundKey::new(&AES_256_GCM, &*key).map(LessSafeKey::new).ok()
        });
        Self { keys: keys.collect() }
    }

    /// Seals `claims` after setting `iat`, `exp` and `jti`, replacing what was there.
    pub(crate) fn seal(
        &self,
        mut claims: Claims,
        now: Timestamp,
        maximum_age: i64,
    ) -> Result<SealedToken, RandomError> {
        self.stamp_and_seal(&mut claims, now, maximum_age)
    }

    /// The same for whoever wants to look at the claims afterwards.
    pub(crate) fn stamp_and_seal(
        &self,
        claims: &mut Claims,
        now: Timestamp,
        maximum_age: i64,
    ) -> Result<SealedToken, RandomError> {
        let (plaintext, iv) = compact::stamp::<28, 12>(claims, now, maximum_age)?;
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
        Ok(compact::serialise(PROTECTED_HEADER, &iv, &buffer, tag.as_ref()))
    }

    /// Opens a token and checks its times.
    ///
    /// In this order: length, five parts, empty second part, header, IV of 96 and tag of 128
    /// bits, decryption, JSON object, `iat`, `nbf` and `exp`. A token without `exp` is refused
    /// (v4 accepts it for ever).
    pub(crate) fn open(&self, token: &str, now: Timestamp) -> Result<Claims, TokenRefused> {
        let token = Compact::parse(token)?;
        check_header(token.header)?;
        open_gcm(&self.keys, token, now)
    }
}

/// Opens a token of AES-256-GCM whose header was checked, with whichever key fits.
pub(crate) fn open_gcm(
    keys: &[LessSafeKey],
    token: Compact<'_>,
    now: Timestamp,
) -> Result<Claims, TokenRefused> {
    let Decoded { iv, ciphertext: mut sealed, tag } = token.decode::<12, 16>()?;
    let length = sealed.len();
    sealed.extend_from_slice(&tag);
    for (index, key) in keys.iter().enumerate() {
        // Opening overwrites the buffer, so all but the last key work on a copy.
        let mut copy;
        let buffer = if index + 1 == keys.len() {
            &mut sealed
        } else {
            copy = sealed.clone();
            &mut copy
        };
        let nonce = Nonce::assume_unique_for_key(iv);
        if key.open_in_place(nonce, Aad::from(token.header.as_bytes()), buffer).is_ok() {
            let plaintext = buffer.get(..length).ok_or(TokenRefused::Decryption)?;
            return compact::current(plaintext, now);
        }
    }
    Err(TokenRefused::Decryption)
}

fn check_header(header: &str) -> Result<(), TokenRefused> {
    if header == PROTECTED_HEADER {
        return Ok(());
    }
    let header = compact::direct_header(header)?;
    let is_gcm = header.get("enc").and_then(Value::as_str) == Some("A256GCM");
    is_gcm.then_some(()).ok_or(TokenRefused::Algorithm)
}

/// HKDF with SHA-256 (RFC 5869); `None` only if the secret is empty, which [`Secret`] excludes.
pub(crate) fn derive<const LENGTH: usize>(
    secret: &Secret,
    salt: &str,
    info: &str,
) -> Option<Zeroizing<[u8; LENGTH]>> {
    if secret.expose().is_empty() {
        return None;
    }
    let mut key = Zeroizing::new([0; LENGTH]);
    hkdf::Salt::new(hkdf::HKDF_SHA256, salt.as_bytes())
        .extract(secret.expose())
        .expand(&[info.as_bytes()], KeyLength(LENGTH))
        .and_then(|output| output.fill(&mut *key))
        .ok()?;
    Some(key)
}

struct KeyLength(usize);

impl hkdf::KeyType for KeyLength {
    fn len(&self) -> usize {
        self.0
    }
}

#[cfg(test)]
mod tests;
