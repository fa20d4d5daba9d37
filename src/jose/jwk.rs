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
use crate::error::Quoted;

/// RSA keys below this are refused (RFC 7518 section 3.3).
const MINIMUM_RSA_BYTES: usize = 256;

/// How many ids of keys a message names.
const SHOWN_IDS: usize = 5;

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
    left_out: Vec<LeftOut>,
    has_private_parts: bool,
}

/// A key that verifies nothing here, and why not.
#[derive(Clone, Debug)]
struct LeftOut {
    key_id: Option<String>,
    reason: Cow<'static, str>,
}

impl KeySet {
    /// Takes the members of a JWK set that could verify a signature and leaves the others:
    /// encryption keys, keys whose operations are others, private and symmetric keys, short RSA
    /// keys, unknown types, and what says one of this in a way that is not understood.
    pub(crate) fn from_json(set: &Value) -> Option<Self> {
        let keys = set.get("keys")?.as_array()?;
        let mut read =
            Self { has_private_parts: keys.iter().any(has_private_parts), ..Self::default() };
        for key in keys {
            match PublicKey::from_json(key) {
                Ok(key) => read.keys.push(key),
                Err(reason) => {
                    let key_id = key.get("kid").and_then(Value::as_str).map(ToOwned::to_owned);
                    read.left_out.push(LeftOut { key_id, reason });
                }
            }
        }
        Some(read)
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
            0 => Err(SignatureError::NoKey(self.without_key(algorithm, key_id))),
            2.. if key_id.is_none() => Err(SignatureError::AmbiguousKey),
            _ => Ok(candidates),
        }
    }

    /// Why there is no key for a token, as the end of a sentence about it.
    fn without_key(&self, algorithm: SignatureAlgorithm, key_id: Option<&str>) -> String {
        if self.keys.is_empty() && self.left_out.is_empty() {
            return "is signed by a key of the provider, whose key set is empty".into();
        }
        let algorithm = algorithm.as_str();
        let Some(key_id) = key_id else {
            return match self.left_out.first().filter(|_| self.keys.is_empty()) {
                Some(LeftOut { reason, .. }) => format!(
                    "names no key, and of the provider's key set none can be used: the first one \
                     {reason}"
                ),
                None => {
                    format!("names no key, and the provider's key set has none for {algorithm}")
                }
            };
        };
        let named = Quoted(key_id);
        let is_named = |id: &Option<String>| id.as_deref() == Some(key_id);
        if let Some(key) = self.keys.iter().find(|key| is_named(&key.key_id)) {
            return format!(
                "names the key {named}, which the provider's key set has, and which does not go with \
                 {algorithm}: it is {}",
                key.description()
            );
        }
        if let Some(LeftOut { reason, .. }) =
            self.left_out.iter().find(|left_out| is_named(&left_out.key_id))
        {
            return format!(
                "names the key {named}, which the provider's key set has, and which cannot be used: it \
                 {reason}"
            );
        }
        let all = self.keys.iter().map(|key| &key.key_id);
        let all = all.chain(self.left_out.iter().map(|left_out| &left_out.key_id));
        let mut ids: Vec<String> =
            all.flatten().map(|id| Quoted(id).to_string()).take(SHOWN_IDS + 1).collect();
        if ids.len() > SHOWN_IDS {
            ids.truncate(SHOWN_IDS);
            ids.push("…".into());
        }
        let has = if ids.is_empty() { "keys without an id".into() } else { ids.join(", ") };
        format!("names the key {named}, which is not in the provider's key set (it has {has})")
    }

    /// Why no signature can be verified by any of them, as the end of a sentence about the set.
    #[cfg(feature = "dynamic")]
    pub(crate) fn uselessness(&self) -> Option<String> {
        match (self.keys.is_empty(), self.left_out.first()) {
            (false, _) => None,
            (true, None) => Some("is empty".into()),
            (true, Some(LeftOut { reason, .. })) => {
                Some(format!("has none that can be used: the first one {reason}"))
            }
        }
    }

    /// Whether the provider publishes what should be a secret of its own.
    pub(crate) fn has_private_parts(&self) -> bool {
        self.has_private_parts
    }
}

/// Whether a key's `use` and `key_ops` (RFC 7517 sections 4.2 and 4.3), where they are there, allow
/// to verify a signature with it.
fn check_purpose(key: &Value) -> Result<(), Cow<'static, str>> {
    if let Some(purpose) = member(key, "use").filter(|purpose| purpose.as_str() != Some("sig")) {
        let purpose =
            purpose.as_str().map_or_else(|| "no text".into(), |text| Quoted(text).to_string());
        return Err(format!("has the `use` {purpose}, and not `sig`").into());
    }
    let is_to_verify = member(key, "key_ops").is_none_or(|operations| {
        operations.as_array().is_some_and(|operations| {
            operations.iter().all(Value::is_string)
                && operations.iter().any(|operation| operation.as_str() == Some("verify"))
        })
    });
    if is_to_verify { Ok(()) } else { Err("has no `verify` among its `key_ops`".into()) }
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
    /// The key, or what it is or has that makes it useless.
    fn from_json(key: &Value) -> Result<Self, Cow<'static, str>> {
        // Whoever reads a private part signs what they like.
        if has_private_parts(key) {
            return Err("has its private part".into());
        }
        check_purpose(key)?;
        let is_absent_or_text = |name: &str| member(key, name).is_none_or(Value::is_string);
        if !["kid", "alg"].into_iter().all(is_absent_or_text) {
            return Err("has a `kid` or an `alg` that is no text".into());
        }
        let text = |name: &str| key.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
        let (key_id, algorithm) = (text("kid"), text("alg"));
        let unknown = || {
            let of = |name| Quoted(text(name).as_deref().unwrap_or("none")).to_string();
            Cow::from(format!(
                "is of a kind that is not known, or lacks a member: `kty` {}, `crv` {}",
                of("kty"),
                of("crv")
            ))
        };
        // Not as `jsonwebtoken`'s whole JWK, which a certificate of an unknown form makes unreadable.
        let parameters = AlgorithmParameters::deserialize(&*with_base64url(key));
        let parameters = parameters.map_err(|_| unknown())?;
        let curve = match &parameters {
            AlgorithmParameters::RSA(_) => None,
            AlgorithmParameters::EllipticCurve(point) => {
                Some(name(&point.curve).ok_or_else(unknown)?)
            }
            AlgorithmParameters::OctetKeyPair(point) => {
                Some(name(&point.curve).ok_or_else(unknown)?)
            }
            _ => return Err(unknown()),
        };
        let key = Jwk { common: CommonParameters::default(), algorithm: parameters };
        let key = DecodingKey::from_jwk(&key).map_err(|_| "has numbers that cannot be read")?;
        if let DecodingKeyKind::RsaModulusExponent { n, .. } = key.kind()
            && n.iter().skip_while(|byte| **byte == 0).count() < MINIMUM_RSA_BYTES
        {
            return Err("is an RSA key of fewer than 2048 bits".into());
        }
        Ok(Self { key_id, algorithm, curve, key })
    }

    fn description(&self) -> String {
        let kind = match self.curve {
            None => "an RSA key".to_owned(),
            Some(curve) => format!("a key on the curve {curve}"),
        };
        match &self.algorithm {
            Some(algorithm) => format!("{kind} with the `alg` {}", Quoted(algorithm)),
            None => kind,
        }
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
