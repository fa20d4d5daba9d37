//! The JWK set (RFC 7517) of an identity provider: the keys that may verify its signatures.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde_json::Value;

use super::{SignatureAlgorithm, SignatureError};

/// RSA keys below this are refused (RFC 7518 section 3.3).
const MINIMUM_RSA_BYTES: usize = 256;

/// Members that only a private or a symmetric key has (RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1).
const PRIVATE_PARTS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

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
    pub(super) keys: Vec<PublicKey>,
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

#[derive(Clone, Debug)]
pub(super) struct PublicKey {
    pub(super) key_id: Option<String>,
    algorithm: Option<String>,
    material: Material,
}

#[derive(Clone, Debug)]
enum Material {
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
    /// An elliptic curve's name and the point in the form that `ring` reads.
    Curve {
        curve: String,
        point: Vec<u8>,
    },
}

impl PublicKey {
    fn from_json(key: &Value) -> Option<Self> {
        let text = |name: &str| key.get(name).and_then(Value::as_str);
        let bytes = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).ok();
        // Whoever reads a private part signs what they like.
        if has_private_parts(key) || !is_for_verifying(key) {
            return None;
        }
        let is_absent_or_text = |name: &str| member(key, name).is_none_or(Value::is_string);
        if !["kid", "alg"].into_iter().all(is_absent_or_text) {
            return None;
        }
        let material = match text("kty")? {
            "RSA" => {
                let modulus: Vec<u8> = bytes("n")?.into_iter().skip_while(|b| *b == 0).collect();
                if modulus.len() < MINIMUM_RSA_BYTES {
                    return None;
                }
                Material::Rsa { modulus, exponent: bytes("e")? }
            }
            "EC" => {
                // Uncompressed point (SEC 1 section 2.3.3).
                let mut point = vec![4];
                point.extend(bytes("x")?);
                point.extend(bytes("y")?);
                Material::Curve { curve: text("crv")?.into(), point }
            }
            "OKP" => Material::Curve { curve: text("crv")?.into(), point: bytes("x")? },
            _ => return None,
        };
        Some(Self {
            key_id: text("kid").map(Into::into),
            algorithm: text("alg").map(Into::into),
            material,
        })
    }

    pub(super) fn fits(&self, algorithm: SignatureAlgorithm) -> bool {
        let right_type = match &self.material {
            Material::Rsa { .. } => algorithm.key_type() == "RSA",
            Material::Curve { curve, .. } => algorithm.curve() == Some(curve.as_str()),
        };
        right_type && self.algorithm.as_deref().is_none_or(|name| name == algorithm.as_str())
    }

    pub(super) fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        use SignatureAlgorithm as Algorithm;
        let outcome = match &self.material {
            Material::Rsa { modulus, exponent } => {
                let parameters = match algorithm {
                    Algorithm::Rs256 => &signature::RSA_PKCS1_2048_8192_SHA256,
                    Algorithm::Rs384 => &signature::RSA_PKCS1_2048_8192_SHA384,
                    Algorithm::Rs512 => &signature::RSA_PKCS1_2048_8192_SHA512,
                    Algorithm::Ps256 => &signature::RSA_PSS_2048_8192_SHA256,
                    _ => return Err(SignatureError::Algorithm(algorithm)),
                };
                RsaPublicKeyComponents { n: modulus, e: exponent }
                    .verify(parameters, message, signature)
            }
            Material::Curve { point, .. } => {
                let verification: &'static dyn signature::VerificationAlgorithm = match algorithm {
                    Algorithm::Es256 => &signature::ECDSA_P256_SHA256_FIXED,
                    Algorithm::Es384 => &signature::ECDSA_P384_SHA384_FIXED,
                    Algorithm::EdDsa => &signature::ED25519,
                    _ => return Err(SignatureError::Algorithm(algorithm)),
                };
                UnparsedPublicKey::new(verification, point).verify(message, signature)
            }
        };
        outcome.map_err(|_| SignatureError::Signature)
    }
}
