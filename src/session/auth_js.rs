//! Encrypted session tokens of Auth.js v5: JWE in the compact serialization with `dir` and
//! `A256CBC-HS512` (RFC 7518 section 5.2), under a key bound to the name of the cookie.
//!
//! Like v5, it also opens tokens with `A256GCM`; it seals none.

use std::fmt;

use aes::Aes256;
use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, InnerIvInit, KeyInit};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use ring::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use ring::{digest, hmac};
use serde_json::Value;

use crate::crypto::hash;
use crate::crypto::random::RandomError;
use crate::crypto::secret::Secret;
use crate::jose::Claims;
use crate::jose::compact::{self, Compact, Decoded, SealedToken, TokenRefused};
use crate::jose::jwe::{derive, open_gcm};

const KEY_INFO: &str = "Auth.js Generated Encryption Key";
/// Bytes of a block of AES, and of the initialisation vector of CBC.
const BLOCK: usize = 16;
/// HMAC-SHA-512 is cut to half its length (RFC 7518 section 5.2.5).
const TAG: usize = 32;

/// One set of keys for each configured secret: the first seals, all open. The derivation is done
/// once, here, and never while a request is served.
pub(crate) struct AuthJsKeys {
    keys: Vec<Keys>,
    /// For `A256GCM`, in the order of `keys`.
    gcm: Vec<LessSafeKey>,
}

struct Keys {
    authentication: hmac::Key,
    encryption: Aes256,
    /// RFC 7638 thumbprints of the keys for `A256CBC-HS512` and `A256GCM`.
    cbc_id: String,
    gcm_id: String,
    /// What a token of this key starts with.
    protected_header: String,
}

/// What the protected header says besides `dir`.
struct Header {
    is_gcm: bool,
    key_id: Option<String>,
}

impl fmt::Debug for AuthJsKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthJsKeys(redacted)")
    }
}

impl AuthJsKeys {
    /// Derives the keys for the tokens of one cookie.
    pub(crate) fn derive(secrets: &[Secret], cookie_name: &str) -> Self {
        let info = format!("{KEY_INFO} ({cookie_name})");
        let pairs = secrets.iter().filter_map(|secret| {
            let material = derive::<64>(secret, cookie_name, &info)?;
            // HKDF's shorter output is the beginning of its longer one (RFC 5869 section 2.3), so
            // the key for A256GCM is the first half.
            let (authentication, encryption) = material.split_first_chunk::<32>()?;
            let gcm = UnboundKey::new(&AES_256_GCM, authentication).ok()?;
            let cbc_id = thumbprint(&digest::SHA512, &*material);
            let header = format!(r#"{{"alg":"dir","enc":"A256CBC-HS512","kid":"{cbc_id}"}}"#);
            let keys = Keys {
                authentication: hmac::Key::new(hmac::HMAC_SHA512, authentication),
                encryption: Aes256::new_from_slice(encryption).ok()?,
                gcm_id: thumbprint(&digest::SHA256, authentication),
                protected_header: URL_SAFE_NO_PAD.encode(header),
                cbc_id,
            };
            Some((keys, LessSafeKey::new(gcm)))
        });
        let (keys, gcm) = pairs.unzip();
        Self { keys, gcm }
    }

    /// Seals `claims` after setting `iat`, `exp` and `jti`, replacing what was there.
    pub(crate) fn seal(
        &self,
        claims: &mut Claims,
        now: Timestamp,
        maximum_age: i64,
    ) -> Result<SealedToken, RandomError> {
        let (plaintext, iv) = compact::stamp::<32, BLOCK>(claims, now, maximum_age)?;
        self.seal_bytes(plaintext, iv)
    }

    fn seal_bytes(&self, mut buffer: Vec<u8>, iv: [u8; BLOCK]) -> Result<SealedToken, RandomError> {
        let keys = self.keys.first().ok_or(RandomError)?;
        let length = buffer.len();
        // PKCS #7 always adds something: up to the next edge of a block.
        buffer.resize((length / BLOCK + 1) * BLOCK, 0);
        cbc::Encryptor::inner_iv_init(keys.encryption.clone(), &iv.into())
            .encrypt_padded::<Pkcs7>(&mut buffer, length)
            .map_err(|_| RandomError)?;
        let tag = tag(&keys.authentication, &keys.protected_header, &iv, &buffer);
        let tag = tag.as_ref().get(..TAG).ok_or(RandomError)?;
        Ok(compact::serialise(&keys.protected_header, &iv, &buffer, tag))
    }

    /// Opens a token and checks its times. The tag is compared, in constant time, before anything
    /// is decrypted, and a bad tag, key or padding is one and the same refusal.
    ///
    /// A `kid` chooses the key, as in v5; without one, all keys are tried (v5 tries the first).
    pub(crate) fn open(&self, token: &str, now: Timestamp) -> Result<Claims, TokenRefused> {
        let token = Compact::parse(token)?;
        let header = header(token.header)?;
        let fits = |id: &str| header.key_id.as_deref().is_none_or(|wanted| wanted == id);
        if header.is_gcm {
            return match &header.key_id {
                None => open_gcm(&self.gcm, token, now),
                Some(_) => {
                    let index = self.keys.iter().position(|keys| fits(&keys.gcm_id));
                    let key = index.and_then(|index| self.gcm.get(index..=index));
                    open_gcm(key.unwrap_or_default(), token, now)
                }
            };
        }
        let Decoded { iv, ciphertext: mut sealed, tag: tag_sent } = token.decode::<BLOCK, TAG>()?;
        let keys = self.keys.iter().filter(|keys| fits(&keys.cbc_id)).find(|keys| {
            let tag = tag(&keys.authentication, token.header, &iv, &sealed);
            tag.as_ref().get(..TAG).is_some_and(|tag| hash::equal(tag, &tag_sent))
        });
        let keys = keys.ok_or(TokenRefused::Decryption)?;
        let plaintext = cbc::Decryptor::inner_iv_init(keys.encryption.clone(), &iv.into())
            .decrypt_padded::<Pkcs7>(&mut sealed)
            .map_err(|_| TokenRefused::Decryption)?;
        compact::current(plaintext, now)
    }
}

/// HMAC over header, initialisation vector, ciphertext, and the header's length in bits (RFC 7518
/// section 5.2.2.1).
fn tag(key: &hmac::Key, header: &str, iv: &[u8], ciphertext: &[u8]) -> hmac::Tag {
    let mut context = hmac::Context::with_key(key);
    context.update(header.as_bytes());
    context.update(iv);
    context.update(ciphertext);
    context.update(&(header.len() as u64).saturating_mul(8).to_be_bytes());
    context.sign()
}

/// RFC 7638 section 3, for a symmetric key.
fn thumbprint(algorithm: &'static digest::Algorithm, key: &[u8]) -> String {
    let jwk = format!(r#"{{"k":"{}","kty":"oct"}}"#, URL_SAFE_NO_PAD.encode(key));
    URL_SAFE_NO_PAD.encode(digest::digest(algorithm, jwk.as_bytes()))
}

fn header(text: &str) -> Result<Header, TokenRefused> {
    let header = compact::direct_header(text)?;
    let is_gcm = match header.get("enc").and_then(Value::as_str) {
        Some("A256CBC-HS512") => false,
        Some("A256GCM") => true,
        _ => return Err(TokenRefused::Algorithm),
    };
    let key_id = match header.get("kid") {
        None => None,
        Some(Value::String(id)) => Some(id.clone()),
        Some(_) => return Err(TokenRefused::Malformed),
    };
    Ok(Header { is_gcm, key_id })
}

#[cfg(test)]
mod tests;
