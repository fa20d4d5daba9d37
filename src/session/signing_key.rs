//! The signing key of session tokens: a JWK (RFC 7517) that states its own algorithm.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use ring::hmac;
use ring::signature::{Ed25519KeyPair, KeyPair};
use secrecy::zeroize::Zeroizing;
use serde_json::{Map, Value, json};

use crate::crypto::random;
use crate::error::{ConfigError, ErrorCode};
use crate::jose::JwsVerifier;

/// How a session token is signed (RFC 7518 section 3.2, RFC 8037 section 3.1).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum SigningAlgorithm {
    /// HMAC with SHA-256. Whoever can verify a token can also make one.
    Hs256,
    /// HMAC with SHA-512, the default of NextAuth v3. Whoever can verify a token can also make one.
    Hs512,
    /// Ed25519. Others verify with the public half and can make none.
    EdDsa,
}

impl SigningAlgorithm {
    /// The `alg` of the key and of its tokens.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Hs512 => "HS512",
            Self::EdDsa => "EdDSA",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::Hs256, Self::Hs512, Self::EdDsa].into_iter().find(|known| known.as_str() == name)
    }

    fn in_jsonwebtoken(self) -> Algorithm {
        match self {
            Self::Hs256 => Algorithm::HS256,
            Self::Hs512 => Algorithm::HS512,
            Self::EdDsa => Algorithm::EdDSA,
        }
    }

    /// RFC 7518 section 3.2: a key as long as the hash output.
    fn minimum_bytes(self) -> usize {
        match self {
            Self::Hs256 | Self::EdDsa => 32,
            Self::Hs512 => 64,
        }
    }
}

/// A key that signs session tokens, with the one algorithm that it is for.
///
/// The algorithm is the key's, never the token's (RFC 8725 section 3.1).
///
/// ```
/// use typegate::{ErrorCode, SigningKey};
///
/// let key = r#"{"kty":"OKP","crv":"Ed25519","alg":"EdDSA",
///     "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
///     "d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}"#;
/// assert_eq!(SigningKey::from_jwk(key)?.algorithm().as_str(), "EdDSA");
///
/// let refused = SigningKey::from_jwk(r#"{"kty":"oct","alg":"HS512","k":"c2hvcnQ"}"#).unwrap_err();
/// assert_eq!(refused.code(), Some(ErrorCode::JwtSession));
/// # Ok::<(), typegate::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct SigningKey {
    pub(crate) id: Option<String>,
    pub(crate) material: Material,
    pub(crate) verifier: JwsVerifier,
}

#[derive(Clone)]
pub(crate) enum Material {
    Hmac(SigningAlgorithm, hmac::Key),
    Ed25519(std::sync::Arc<Ed25519KeyPair>),
}

impl Material {
    fn algorithm(&self) -> SigningAlgorithm {
        match self {
            Self::Hmac(algorithm, _) => *algorithm,
            Self::Ed25519(_) => SigningAlgorithm::EdDsa,
        }
    }
}

impl SigningKey {
    /// Reads a JWK: `oct` with `alg` `HS256` or `HS512` and `k`, or `OKP` with `crv` `Ed25519`,
    /// `x` and `d`. `typegate newkey` makes one.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] with the code `JWT_SESSION_ERROR` if the text is no JWK, the key is of
    /// another kind, is a public key, is meant for something else, or is too short for its
    /// algorithm.
    pub fn from_jwk(json: &str) -> Result<Self, ConfigError> {
        let key: Map<String, Value> = serde_json::from_str(json)
            .map_err(|_| refused("it is not a JSON object such as `typegate newkey` prints"))?;
        Self::from_members(&key)
    }

    fn from_members(key: &Map<String, Value>) -> Result<Self, ConfigError> {
        let text = |name: &str| key.get(name).and_then(Value::as_str);
        if text("use").is_some_and(|purpose| purpose != "sig") {
            return Err(refused("its `use` is not `sig`"));
        }
        let operations = key.get("key_ops").and_then(Value::as_array);
        if operations.is_some_and(|list| !list.iter().any(|operation| operation == "sign")) {
            return Err(refused("its `key_ops` do not have `sign`"));
        }
        let stated = match text("alg") {
            Some(name) => Some(SigningAlgorithm::parse(name).ok_or_else(|| {
                refused(&format!("its algorithm `{}` is none of them", name.escape_debug()))
            })?),
            None if key.contains_key("alg") => return Err(refused("its `alg` is not text")),
            None => None,
        };
        let bytes = |name: &str| {
            let decoded = text(name).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
            decoded
                .ok_or_else(|| refused(&format!("its member `{name}` is not unpadded base64url")))
        };
        let (material, verification_key) = match (text("kty"), stated) {
            (Some("oct"), None) => {
                return Err(refused("it is an `oct` key without `alg`, which could be for any"));
            }
            (Some("oct"), Some(algorithm)) if algorithm != SigningAlgorithm::EdDsa => {
                let secret = Zeroizing::new(bytes("k")?);
                let minimum = algorithm.minimum_bytes();
                if secret.len() < minimum {
                    return Err(refused(&format!(
                        "it has {} bytes, and {} needs at least {minimum} (RFC 7518 section 3.2)",
                        secret.len(),
                        algorithm.as_str(),
                    )));
                }
                let hash = match algorithm {
                    SigningAlgorithm::Hs256 => hmac::HMAC_SHA256,
                    _ => hmac::HMAC_SHA512,
                };
                let material = Material::Hmac(algorithm, hmac::Key::new(hash, &secret));
                (material, DecodingKey::from_secret(&secret))
            }
            (Some("OKP"), None | Some(SigningAlgorithm::EdDsa)) => {
                if text("crv") != Some("Ed25519") {
                    return Err(refused("its curve is not Ed25519"));
                }
                if !key.contains_key("d") {
                    return Err(refused("it is a public key: the member `d` is missing"));
                }
                let (seed, public) = (Zeroizing::new(bytes("d")?), bytes("x")?);
                let pair = Ed25519KeyPair::from_seed_and_public_key(&seed, &public)
                    .map_err(|_| refused("its members `d` and `x` do not belong together"))?;
                let material = Material::Ed25519(std::sync::Arc::new(pair));
                (material, Ok(DecodingKey::from_ed_der(&public)))
            }
            (Some("oct" | "OKP"), Some(algorithm)) => {
                let what = algorithm.as_str();
                return Err(refused(&format!("its kind `kty` does not go with its `alg` {what}")));
            }
            _ => return Err(refused("its kind `kty` is neither `oct` nor `OKP`")),
        };
        let algorithm = material.algorithm().in_jsonwebtoken();
        let verifier = verification_key
            .and_then(|key| JwsVerifier::new(algorithm, &key))
            .map_err(|_| refused("nothing verifies by it"))?;
        let id = text("kid").map(ToOwned::to_owned);
        Ok(Self { id, material, verifier })
    }

    /// Makes a new key and returns it as a JWK, the private half included.
    ///
    /// ```
    /// use typegate::{SigningAlgorithm, SigningKey};
    ///
    /// let jwk = SigningKey::generate_jwk(SigningAlgorithm::Hs512)?;
    /// assert_eq!(SigningKey::from_jwk(&jwk)?.algorithm(), SigningAlgorithm::Hs512);
    /// # Ok::<(), typegate::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if the operating system has no random bytes to give.
    pub fn generate_jwk(algorithm: SigningAlgorithm) -> Result<String, ConfigError> {
        let no_random = |error| refused("it could not be made").with_source(error);
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let id = encode(&random::bytes::<9>().map_err(no_random)?);
        let name = algorithm.as_str();
        let key = match algorithm {
            SigningAlgorithm::Hs256 | SigningAlgorithm::Hs512 => {
                let material = random::bytes::<64>().map_err(no_random)?;
                let length = algorithm.minimum_bytes();
                let material: Vec<u8> = material.into_iter().take(length).collect();
                json!({ "kty": "oct", "kid": id, "alg": name, "use": "sig", "k": encode(&material) })
            }
            SigningAlgorithm::EdDsa => {
                let seed = random::bytes::<32>().map_err(no_random)?;
                let pair = Ed25519KeyPair::from_seed_unchecked(&seed)
                    .map_err(|_| refused("it could not be made"))?;
                let public = encode(pair.public_key().as_ref());
                json!({
                    "kty": "OKP", "crv": "Ed25519", "kid": id, "alg": name, "use": "sig",
                    "x": public, "d": encode(&seed)
                })
            }
        };
        Ok(key.to_string())
    }

    /// What the key signs and verifies by.
    #[must_use]
    pub fn algorithm(&self) -> SigningAlgorithm {
        self.material.algorithm()
    }

    /// The public half as a JWK, for services that verify tokens themselves. A symmetric key has
    /// none.
    #[must_use]
    pub fn public_jwk(&self) -> Option<String> {
        let Material::Ed25519(pair) = &self.material else { return None };
        let x = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        let mut key =
            json!({ "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "x": x });
        if let (Some(id), Some(members)) = (&self.id, key.as_object_mut()) {
            members.insert("kid".into(), id.clone().into());
        }
        Some(key.to_string())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let algorithm = self.algorithm();
        f.debug_struct("SigningKey").field("algorithm", &algorithm).finish_non_exhaustive()
    }
}

/// What `JWT_SESSION_ERROR` is documented for: the key cannot sign or verify by the algorithm.
fn refused(why: &str) -> ConfigError {
    ConfigError::new(format!(
        "the signing key of session tokens supports none of HS256, HS512 and EdDSA: {why}; \
         `typegate newkey` makes one for HS512"
    ))
    .with_code(ErrorCode::JwtSession)
}
