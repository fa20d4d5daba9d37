//! Signed session tokens, which their holder can read: JWS in the compact serialization (RFC 7515
//! section 3.1).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use ring::hmac;
use serde_json::{Map, Value};

use super::signing_key::{Material, SigningKey};
use crate::crypto::random::RandomError;
use crate::jose::Claims;
use crate::jose::compact::{self, MAXIMUM_TOKEN_LENGTH, SealedToken, TokenRefused};
use crate::jose::jws::parse_object;

/// The first key signs, all verify.
#[derive(Clone)]
pub(crate) struct SigningKeys {
    keys: Vec<Key>,
}

#[derive(Clone)]
struct Key {
    key: SigningKey,
    /// The protected header, encoded.
    header: String,
}

impl fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.keys.iter().map(|key| &key.key)).finish()
    }
}

impl SigningKeys {
    pub(crate) fn new(key: &SigningKey, previous: &[SigningKey]) -> Self {
        let keys = std::iter::once(key).chain(previous).cloned();
        Self { keys: keys.map(Key::new).collect() }
    }

    /// Signs `claims` after setting `iat`, `exp` and `jti`, replacing what was there.
    pub(crate) fn sign(
        &self,
        claims: &mut Claims,
        now: Timestamp,
        maximum_age: i64,
    ) -> Result<SealedToken, RandomError> {
        let key = self.keys.first().ok_or(RandomError)?;
        let (payload, []) = compact::stamp::<16, 0>(claims, now, maximum_age)?;
        let mut text = key.header.clone();
        text.push('.');
        URL_SAFE_NO_PAD.encode_string(payload, &mut text);
        let signature = key.sign(text.as_bytes());
        text.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut text);
        Ok(SealedToken { text })
    }

    /// Verifies a token and checks its times.
    ///
    /// In this order: length, three parts, JSON objects without repeated members, no `crit`, the
    /// key's own algorithm, the signature, `iat`, `nbf` and `exp`. A `kid` narrows the keys down;
    /// keys in a header (`jwk`, `jku`, `x5u`) are never looked at (RFC 8725 section 3.10).
    pub(crate) fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, TokenRefused> {
        if token.len() > MAXIMUM_TOKEN_LENGTH {
            return Err(TokenRefused::Malformed);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(TokenRefused::NotSigned)?;
        let (header, payload) = signed.split_once('.').ok_or(TokenRefused::NotSigned)?;
        let decode = |text| URL_SAFE_NO_PAD.decode(text).map_err(|_| TokenRefused::NotSigned);
        let (header, payload, signature) = (decode(header)?, decode(payload)?, decode(signature)?);
        let header = parse_object(&header).map_err(|_| TokenRefused::NotSigned)?;
        if header.contains_key("crit") {
            return Err(TokenRefused::NotSigned);
        }
        let candidates = self.candidates(&header)?;
        let verifies = |key: &&Key| key.key.verifier.verify(signed.as_bytes(), &signature).is_ok();
        if !candidates.iter().any(verifies) {
            return Err(TokenRefused::Signature);
        }
        parse_object(&payload).map_err(|_| TokenRefused::Payload)?;
        compact::current(&payload, now)
    }

    /// The keys that may have signed it: of the header's algorithm, and of its `kid` if both say
    /// one.
    fn candidates(&self, header: &Map<String, Value>) -> Result<Vec<&Key>, TokenRefused> {
        let text = |name: &str| header.get(name).and_then(Value::as_str);
        let named = |key: &&Key| match (text("kid"), &key.key.id) {
            (Some(wanted), Some(id)) => wanted == id,
            _ => true,
        };
        let of_id: Vec<&Key> = self.keys.iter().filter(named).collect();
        let Some(first) = of_id.first() else { return Err(TokenRefused::UnknownKey) };
        let supported = first.key.algorithm().as_str();
        let fits = |key: &&Key| text("alg") == Some(key.key.algorithm().as_str());
        let fitting: Vec<&Key> = of_id.into_iter().filter(fits).collect();
        if fitting.is_empty() {
            return Err(TokenRefused::KeyUnsupported { supported });
        }
        Ok(fitting)
    }
}

impl Key {
    fn new(key: SigningKey) -> Self {
        let mut header = Map::new();
        header.insert("alg".into(), key.algorithm().as_str().into());
        header.insert("typ".into(), "JWT".into());
        if let Some(id) = &key.id {
            header.insert("kid".into(), id.clone().into());
        }
        let header = URL_SAFE_NO_PAD.encode(Value::Object(header).to_string());
        Self { key, header }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.key.material {
            Material::Hmac(_, key) => hmac::sign(key, message).as_ref().to_vec(),
            Material::Ed25519(pair) => pair.sign(message).as_ref().to_vec(),
        }
    }
}

#[cfg(test)]
mod tests;
