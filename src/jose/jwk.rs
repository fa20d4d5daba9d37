//! The JWK set of an identity provider (RFC 7517 section 5): which of its keys may verify a
//! signature.
//!
//! Each key is read on its own, so a key that cannot be used does not take the others with it.

use std::borrow::Cow;

use jsonwebtoken::jwk::{AlgorithmParameters, CommonParameters, EllipticCurve, Jwk};
use jsonwebtoken::{DecodingKey, DecodingKeyKind};
use serde::Deserialize as _;
use serde_json::Value;

use super::{SignatureAlgorithm, SignatureError};

/// RSA keys below this are refused (RFC 7518 section 3.3).
const MINIMUM_RSA_BYTES: usize = 256;

/// Members that only a private or a symmetric key has (RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1).
const PRIVATE_PARTS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// Members that are numbers, in bytes (RFC 7518 sections 6.2.1 and 6.3.1).
const PUBLIC_NUMBERS: [&str; 4] = ["n", "e", "x", "y"];

/// A member of a key. Some serialisers write null for what is not there.
fn member<'a>(key: &'a Value, name: &str) -> Option<&'a Value> {
    key.get(name).filter(|value| !value.is_null())
}

fn has_private_parts(key: &Value) -> bool {
    PRIVATE_PARTS.iter().any(|part| member(key, part).is_some())
}

/// The public keys of an identity provider.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeySet {
    keys: Vec<PublicKey>,
    has_private_parts: bool,
}

impl KeySet {
    /// Takes the members of a JWK set that could verify a signature and leaves the others:
    /// encryption keys, keys whose operations are others, private and symmetric keys, short RSA
    /// keys, unknown types, and what says one of this in a way that is not understood.
    pub(crate) fn from_json(set: &Value) -> Option<Self> {
        let keys = set.get("keys")?.as_array()?;
        Some(Self {
            keys: keys.iter().filter_map(PublicKey::from_json).collect(),
            has_private_parts: keys.iter().any(has_private_parts),
        })
    }

    /// The keys of that id that the algorithm goes with, or the only one that it goes with if the
    /// token names none. Some providers give one id to several keys.
    pub(super) fn candidates(
        &self,
        algorithm: SignatureAlgorithm,
        key_id: Option<&str>,
    ) -> Result<Vec<&DecodingKey>, SignatureError> {
        let candidates = self.keys.iter().filter(|key| {
            key.fits(algorithm) && (key_id.is_none() || key.key_id.as_deref() == key_id)
        });
        let candidates: Vec<_> = candidates.map(|key| &key.key).collect();
        match candidates.len() {
            0 => Err(SignatureError::UnknownKey),
            2.. if key_id.is_none() => Err(SignatureError::AmbiguousKey),
            _ => Ok(candidates),
        }
    }

    /// Whether the provider publishes what should be a secret of its own.
    pub(crate) fn has_private_parts(&self) -> bool {
        self.has_private_parts
    }
}

/// Whether a key's `use` and `key_ops` (RFC 7517 sections 4.2 and 4.3), where they are there, allow
/// to verify a signature with it.
fn is_for_verifying(key: &Value) -> bool {
    let right_use = member(key, "use").is_none_or(|purpose| purpose.as_str() == Some("sig"));
    let right_operations = member(key, "key_ops").is_none_or(|operations| {
        operations.as_array().is_some_and(|operations| {
            operations.iter().all(Value::is_string)
                && operations.iter().any(|operation| operation.as_str() == Some("verify"))
        })
    });
    right_use && right_operations
}

/// The key with its numbers in base64url without padding (RFC 7518 section 2). Some providers write
/// base64 as RFC 4648 section 4 has it, and mean the same bytes.
fn with_base64url(key: &Value) -> Cow<'_, Value> {
    let is_other = |c: char| matches!(c, '+' | '/' | '=') || c.is_ascii_whitespace();
    let mut key = Cow::Borrowed(key);
    for name in PUBLIC_NUMBERS {
        let Some(Value::String(text)) = key.get(name) else { continue };
        if !text.contains(is_other) {
            continue;
        }
        let text = text.replace('+', "-").replace('/', "_");
        let text = text.replace(|c: char| c == '=' || c.is_ascii_whitespace(), "");
        if let Some(number) = key.to_mut().get_mut(name) {
            *number = text.into();
        }
    }
    key
}

#[derive(Clone, Debug)]
struct PublicKey {
    key_id: Option<String>,
    algorithm: Option<String>,
    curve: Option<&'static str>,
    key: DecodingKey,
}

impl PublicKey {
    fn from_json(key: &Value) -> Option<Self> {
        // Whoever reads a private part signs what they like.
        if has_private_parts(key) || !is_for_verifying(key) {
            return None;
        }
        let is_absent_or_text = |name: &str| member(key, name).is_none_or(Value::is_string);
        if !["kid", "alg"].into_iter().all(is_absent_or_text) {
            return None;
        }
        let text = |name: &str| key.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
        let (key_id, algorithm) = (text("kid"), text("alg"));
        // Not as `jsonwebtoken`'s whole JWK, which a certificate of an unknown form makes unreadable.
        let parameters = AlgorithmParameters::deserialize(&*with_base64url(key)).ok()?;
        let curve = match &parameters {
            AlgorithmParameters::RSA(_) => None,
            AlgorithmParameters::EllipticCurve(point) => Some(name(&point.curve)?),
            AlgorithmParameters::OctetKeyPair(point) => Some(name(&point.curve)?),
            _ => return None,
        };
        let key = Jwk { common: CommonParameters::default(), algorithm: parameters };
        let key = DecodingKey::from_jwk(&key).ok()?;
        if let DecodingKeyKind::RsaModulusExponent { n, .. } = key.kind()
            && n.iter().skip_while(|byte| **byte == 0).count() < MINIMUM_RSA_BYTES
        {
            return None;
        }
        Some(Self { key_id, algorithm, curve, key })
    }

    fn fits(&self, algorithm: SignatureAlgorithm) -> bool {
        self.key.family() == algorithm.in_jsonwebtoken().family()
            && self.curve == algorithm.curve()
            && self.algorithm.as_deref().is_none_or(|name| name == algorithm.as_str())
    }
}

/// A curve that `ring` knows.
fn name(curve: &EllipticCurve) -> Option<&'static str> {
    match curve {
        EllipticCurve::P256 => Some("P-256"),
        EllipticCurve::P384 => Some("P-384"),
        EllipticCurve::Ed25519 => Some("Ed25519"),
        _ => None,
    }
}
