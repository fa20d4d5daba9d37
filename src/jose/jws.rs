//! Is a signed token really from whom it says? JWS compact serialisation (RFC 7515) and the
//! JWK sets (RFC 7517) of identity providers.
//!
//! The algorithm is the caller's choice, never the token's; keys come from the caller's set,
//! never from the token's header.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde_json::Value;

use crate::crypto::secret::ClientSecret;
use crate::json::unambiguous;
use crate::model::JsonObject;

/// Longest signed token that is looked at.
const MAXIMUM_TOKEN_LENGTH: usize = 64 * 1024;
/// RSA keys below this are refused (RFC 7518 section 3.3).
const MINIMUM_RSA_BYTES: usize = 256;

/// A signature algorithm of RFC 7518 section 3.1 that typegate verifies. `none` is not among
/// them.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256: what OpenID Connect prescribes by default.
    #[default]
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// Edwards-curve signature, Ed25519 (RFC 8037).
    EdDsa,
    /// HMAC with SHA-256, keyed with the client secret.
    Hs256,
}

impl SignatureAlgorithm {
    /// The `alg` header value.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::EdDsa => "EdDSA",
            Self::Hs256 => "HS256",
        }
    }

    /// The hash that goes with the algorithm, for `at_hash` (OpenID Connect Core section
    /// 3.1.3.6).
    pub(crate) fn digest(self) -> &'static ring::digest::Algorithm {
        match self {
            Self::Rs256 | Self::Ps256 | Self::Es256 | Self::Hs256 => &ring::digest::SHA256,
            Self::Rs384 | Self::Es384 => &ring::digest::SHA384,
            Self::Rs512 | Self::EdDsa => &ring::digest::SHA512,
        }
    }

    pub(crate) fn key_type(self) -> &'static str {
        match self {
            Self::Rs256 | Self::Rs384 | Self::Rs512 | Self::Ps256 => "RSA",
            Self::Es256 | Self::Es384 => "EC",
            Self::EdDsa => "OKP",
            Self::Hs256 => "oct",
        }
    }

    pub(crate) fn curve(self) -> Option<&'static str> {
        match self {
            Self::Es256 => Some("P-256"),
            Self::Es384 => Some("P-384"),
            Self::EdDsa => Some("Ed25519"),
            _ => None,
        }
    }
}

/// Why a signed token was refused.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum SignatureError {
    #[error("is not a compact JWS")]
    Malformed,
    #[error("is signed with another algorithm than {}", .0.as_str())]
    Algorithm(SignatureAlgorithm),
    #[error("has a critical header parameter that is not understood")]
    Critical,
    #[error("names a key that the provider does not publish")]
    UnknownKey,
    #[error("names no key, and the provider publishes several")]
    AmbiguousKey,
    #[error("has a signature that does not verify")]
    Signature,
}

/// A token taken apart but not believed: the only way to its claims is to verify it.
pub(crate) struct SignedToken<'a> {
    signed: &'a str,
    signature: Vec<u8>,
    payload: Vec<u8>,
    key_id: Option<String>,
    token_type: Option<String>,
    algorithm: SignatureAlgorithm,
}

impl<'a> SignedToken<'a> {
    /// Takes a token apart: three parts of unpadded base64url, JSON objects without repeated
    /// members, the expected algorithm, no `crit`.
    pub(crate) fn parse(
        token: &'a str,
        algorithm: SignatureAlgorithm,
    ) -> Result<Self, SignatureError> {
        if token.len() > MAXIMUM_TOKEN_LENGTH {
            return Err(SignatureError::Malformed);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(SignatureError::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(SignatureError::Malformed)?;
        let decode = |text| URL_SAFE_NO_PAD.decode(text).map_err(|_| SignatureError::Malformed);
        let header = parse_object(&decode(header)?)?;
        if header.get("alg").and_then(Value::as_str) != Some(algorithm.as_str()) {
            return Err(SignatureError::Algorithm(algorithm));
        }
        // An unencoded payload (RFC 7797) must be critical, so it is never "absent" otherwise.
        if header.contains_key("crit") || header.contains_key("b64") {
            return Err(SignatureError::Critical);
        }
        // Of an encrypted token, which this is not.
        if header.contains_key("enc") || header.contains_key("zip") {
            return Err(SignatureError::Malformed);
        }
        let text = |name: &str| match header.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(SignatureError::Malformed),
        };
        let (key_id, token_type) = (text("kid")?, text("typ")?);
        // A token in a token (RFC 7519 section 5.2).
        if text("cty")?.is_some_and(|content| media_type(&content) == "jwt") {
            return Err(SignatureError::Malformed);
        }
        let (signature, payload) = (decode(signature)?, decode(payload)?);
        Ok(Self { signed, signature, payload, key_id, token_type, algorithm })
    }

    /// Which kind of token its header says it is (RFC 7519 section 5.1).
    pub(crate) fn token_type(&self) -> Option<String> {
        self.token_type.as_deref().map(media_type)
    }

    /// Verifies with the key that the token names among the provider's, or with the only
    /// candidate if it names none.
    pub(crate) fn verify(self, keys: &KeySet) -> Result<JsonObject, SignatureError> {
        let candidates = keys.keys.iter().filter(|key| key.fits(self.algorithm));
        let mut candidates = candidates
            .filter(|key| self.key_id.is_none() || key.key_id.as_ref() == self.key_id.as_ref());
        let key = candidates.next().ok_or(SignatureError::UnknownKey)?;
        if self.key_id.is_none() && candidates.next().is_some() {
            return Err(SignatureError::AmbiguousKey);
        }
        key.verify(self.algorithm, self.signed.as_bytes(), &self.signature)?;
        self.claims()
    }

    /// Verifies an HMAC with the client secret (OpenID Connect Core section 10.1).
    pub(crate) fn verify_hmac(self, secret: &ClientSecret) -> Result<JsonObject, SignatureError> {
        if self.algorithm != SignatureAlgorithm::Hs256 {
            return Err(SignatureError::Algorithm(SignatureAlgorithm::Hs256));
        }
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.expose().as_bytes());
        ring::hmac::verify(&key, self.signed.as_bytes(), &self.signature)
            .map_err(|_| SignatureError::Signature)?;
        self.claims()
    }

    fn claims(&self) -> Result<JsonObject, SignatureError> {
        parse_object(&self.payload)
    }
}

/// A media type in lower case, without the prefix that may be left out (RFC 7515 section 4.1.9).
fn media_type(text: &str) -> String {
    let text = text.to_ascii_lowercase();
    let short = text.strip_prefix("application/").filter(|rest| !rest.contains('/'));
    short.map(ToOwned::to_owned).unwrap_or(text)
}

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
struct PublicKey {
    key_id: Option<String>,
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

    fn fits(&self, algorithm: SignatureAlgorithm) -> bool {
        let right_type = match &self.material {
            Material::Rsa { .. } => algorithm.key_type() == "RSA",
            Material::Curve { curve, .. } => algorithm.curve() == Some(curve.as_str()),
        };
        right_type && self.algorithm.as_deref().is_none_or(|name| name == algorithm.as_str())
    }

    fn verify(
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

/// A JSON object in which a member that is repeated, wherever it stands, is an error (RFC 8725
/// section 2.6): two parsers must not see two tokens.
pub(crate) fn parse_object(bytes: &[u8]) -> Result<JsonObject, SignatureError> {
    unambiguous::object_of_token(bytes).map_err(|_| SignatureError::Malformed)
}
