//! The key with which a client or an identity provider signs: JWS in the compact serialization
//! (RFC 7515 section 7.1), under the one algorithm that the key determines.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::rsa::KeyPairComponents;
use ring::signature::{self, EcdsaKeyPair, Ed25519KeyPair, RsaEncoding, RsaKeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::{Value, json};

use super::SignatureAlgorithm;
use super::pem_form::fault_of_form;
use crate::model::JsonObject;

/// A private or symmetric key and the one algorithm that goes with it.
#[derive(Clone)]
pub(crate) struct JwsSigner {
    material: Arc<Material>,
    algorithm: SignatureAlgorithm,
    pub(crate) key_id: Option<String>,
}

enum Material {
    Rsa(RsaKeyPair),
    Ecdsa(SignatureAlgorithm, EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Hmac(ring::hmac::Key),
}

/// Why a key cannot sign. Nothing of the key is in it.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum KeyRefused {
    /// With what is wrong.
    #[error("{0}")]
    NoPem(&'static str),
    #[error(
        "an EC key is read from PKCS#8 only: convert it by \
         `openssl pkcs8 -topk8 -nocrypt -in key.pem`"
    )]
    Sec1,
    #[error(
        "the key is neither RSA of at least 2048 bits, nor EC on P-256 or P-384 with its public \
         half, nor Ed25519 with its public half"
    )]
    Unsupported,
    #[error("the JWK has no usable `{0}`")]
    Member(&'static str),
    #[error("the key is not consistent, or too short: {0}")]
    Rejected(String),
}

/// The operating system gave no random bytes, or the key cannot sign.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the token could not be signed")]
pub(crate) struct NotSigned;

fn rejected(error: ring::error::KeyRejected) -> KeyRefused {
    KeyRefused::Rejected(error.to_string())
}

impl JwsSigner {
    /// The first private key of a PEM text.
    pub(crate) fn from_pem(pem: &str) -> Result<Self, KeyRefused> {
        let key = PrivateKeyDer::from_pem_slice(pem.as_bytes())
            .map_err(|_| KeyRefused::NoPem(fault_of_form(pem)))?;
        let material = match &key {
            PrivateKeyDer::Pkcs8(document) => Self::pkcs8(document.secret_pkcs8_der())?,
            PrivateKeyDer::Pkcs1(document) => {
                Material::Rsa(RsaKeyPair::from_der(document.secret_pkcs1_der()).map_err(rejected)?)
            }
            PrivateKeyDer::Sec1(_) => return Err(KeyRefused::Sec1),
            _ => return Err(KeyRefused::Unsupported),
        };
        Ok(Self::of(material, None))
    }

    fn of(material: Material, key_id: Option<String>) -> Self {
        let algorithm = match &material {
            Material::Rsa(_) => SignatureAlgorithm::Rs256,
            Material::Ecdsa(algorithm, _) => *algorithm,
            Material::Ed25519(_) => SignatureAlgorithm::EdDsa,
            Material::Hmac(_) => SignatureAlgorithm::Hs256,
        };
        Self { material: Arc::new(material), algorithm, key_id }
    }

    /// The key of a PKCS#8 document, whose own algorithm identifier says which kind it is.
    fn pkcs8(document: &[u8]) -> Result<Material, KeyRefused> {
        let random = SystemRandom::new();
        for (algorithm, curve) in [
            (SignatureAlgorithm::Es256, &signature::ECDSA_P256_SHA256_FIXED_SIGNING),
            (SignatureAlgorithm::Es384, &signature::ECDSA_P384_SHA384_FIXED_SIGNING),
        ] {
            if let Ok(pair) = EcdsaKeyPair::from_pkcs8(curve, document, &random) {
                return Ok(Material::Ecdsa(algorithm, pair));
            }
        }
        if let Ok(pair) = Ed25519KeyPair::from_pkcs8_maybe_unchecked(document) {
            return Ok(Material::Ed25519(pair));
        }
        let pair = RsaKeyPair::from_pkcs8(document).map_err(|_| KeyRefused::Unsupported)?;
        Ok(Material::Rsa(pair))
    }

    /// A private JWK (RFC 7518 section 6, RFC 8037 section 2).
    pub(crate) fn from_jwk(key: &Value) -> Result<Self, KeyRefused> {
        let text = |name| key.get(name).and_then(Value::as_str).ok_or(KeyRefused::Member(name));
        let bytes =
            |name| URL_SAFE_NO_PAD.decode(text(name)?).map_err(|_| KeyRefused::Member(name));
        let material = match text("kty")? {
            "RSA" => {
                let components = KeyPairComponents {
                    public_key: signature::RsaPublicKeyComponents {
                        n: bytes("n")?,
                        e: bytes("e")?,
                    },
                    d: bytes("d")?,
                    p: bytes("p")?,
                    q: bytes("q")?,
                    dP: bytes("dp")?,
                    dQ: bytes("dq")?,
                    qInv: bytes("qi")?,
                };
                Material::Rsa(RsaKeyPair::from_components(&components).map_err(rejected)?)
            }
            "EC" => {
                let (algorithm, curve) = match text("crv")? {
                    "P-256" => {
                        (SignatureAlgorithm::Es256, &signature::ECDSA_P256_SHA256_FIXED_SIGNING)
                    }
                    "P-384" => {
                        (SignatureAlgorithm::Es384, &signature::ECDSA_P384_SHA384_FIXED_SIGNING)
                    }
                    _ => return Err(KeyRefused::Unsupported),
                };
                // Uncompressed point (SEC 1 section 2.3.3).
                let point = [vec![4], bytes("x")?, bytes("y")?].concat();
                let (private, random) = (bytes("d")?, SystemRandom::new());
                let pair =
                    EcdsaKeyPair::from_private_key_and_public_key(curve, &private, &point, &random);
                Material::Ecdsa(algorithm, pair.map_err(rejected)?)
            }
            "OKP" if text("crv")? == "Ed25519" => {
                let pair = Ed25519KeyPair::from_seed_and_public_key(&bytes("d")?, &bytes("x")?);
                Material::Ed25519(pair.map_err(rejected)?)
            }
            _ => return Err(KeyRefused::Unsupported),
        };
        let key_id = key.get("kid").and_then(Value::as_str).map(ToOwned::to_owned);
        let signer = Self::of(material, key_id);
        let algorithm = key.get("alg").and_then(Value::as_str);
        if algorithm.is_some_and(|name| name != signer.algorithm().as_str()) {
            return Err(KeyRefused::Member("alg"));
        }
        Ok(signer)
    }

    /// HS256, keyed with a secret that both sides know.
    pub(crate) fn hmac(secret: &[u8]) -> Self {
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret);
        Self::of(Material::Hmac(key), None)
    }

    pub(crate) fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// A token with these claims; the header names the algorithm and the key's id.
    pub(crate) fn sign(&self, claims: &JsonObject) -> Result<String, NotSigned> {
        let mut header = json!({ "alg": self.algorithm().as_str() });
        if let (Some(key_id), Some(members)) = (&self.key_id, header.as_object_mut()) {
            members.insert("kid".into(), key_id.clone().into());
        }
        let claims = serde_json::to_vec(claims).map_err(|_| NotSigned)?;
        self.sign_parts(header.to_string().as_bytes(), &claims)
    }

    /// A token of a header and a payload as they are.
    pub(crate) fn sign_parts(&self, header: &[u8], payload: &[u8]) -> Result<String, NotSigned> {
        let encode = |part| URL_SAFE_NO_PAD.encode(part);
        let signed = format!("{}.{}", encode(header), encode(payload));
        let signature = URL_SAFE_NO_PAD.encode(self.signature(signed.as_bytes())?);
        Ok(format!("{signed}.{signature}"))
    }

    fn signature(&self, message: &[u8]) -> Result<Vec<u8>, NotSigned> {
        let random = SystemRandom::new();
        match &*self.material {
            Material::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                let encoding: &dyn RsaEncoding = match self.algorithm {
                    SignatureAlgorithm::Rs384 => &signature::RSA_PKCS1_SHA384,
                    SignatureAlgorithm::Rs512 => &signature::RSA_PKCS1_SHA512,
                    SignatureAlgorithm::Ps256 => &signature::RSA_PSS_SHA256,
                    _ => &signature::RSA_PKCS1_SHA256,
                };
                pair.sign(encoding, &random, message, &mut signature).map_err(|_| NotSigned)?;
                Ok(signature)
            }
            Material::Ecdsa(_, pair) => {
                Ok(pair.sign(&random, message).map_err(|_| NotSigned)?.as_ref().to_vec())
            }
            Material::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
            Material::Hmac(key) => Ok(ring::hmac::sign(key, message).as_ref().to_vec()),
        }
    }
}

#[cfg(any(test, feature = "testing"))]
impl JwsSigner {
    /// A new key for ECDSA or Ed25519.
    pub(crate) fn generate(algorithm: SignatureAlgorithm, key_id: &str) -> Result<Self, NotSigned> {
        let random = SystemRandom::new();
        let document = match algorithm {
            SignatureAlgorithm::Es256 => {
                EcdsaKeyPair::generate_pkcs8(&signature::ECDSA_P256_SHA256_FIXED_SIGNING, &random)
            }
            SignatureAlgorithm::Es384 => {
                EcdsaKeyPair::generate_pkcs8(&signature::ECDSA_P384_SHA384_FIXED_SIGNING, &random)
            }
            SignatureAlgorithm::EdDsa => Ed25519KeyPair::generate_pkcs8(&random),
            _ => return Err(NotSigned),
        };
        let document = document.map_err(|_| NotSigned)?;
        let material = Self::pkcs8(document.as_ref()).map_err(|_| NotSigned)?;
        Ok(Self::of(material, Some(key_id.into())))
    }

    /// An RSA key by another of its algorithms.
    pub(crate) fn with_algorithm(self, algorithm: SignatureAlgorithm) -> Option<Self> {
        use SignatureAlgorithm::{Ps256, Rs256, Rs384, Rs512};

        let is_of_rsa = matches!(algorithm, Rs256 | Rs384 | Rs512 | Ps256);
        let fits = is_of_rsa && matches!(&*self.material, Material::Rsa(_));
        fits.then_some(Self { algorithm, ..self })
    }

    /// The public half as a JWK; a symmetric key has none.
    pub(crate) fn public_jwk(&self) -> Value {
        use ring::signature::KeyPair as _;

        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let mut key = match &*self.material {
            Material::Rsa(pair) => {
                let public = ring::rsa::PublicKeyComponents::<Vec<u8>>::from(pair.public());
                json!({ "kty": "RSA", "n": encode(&public.n), "e": encode(&public.e) })
            }
            Material::Ecdsa(algorithm, pair) => {
                // One byte for the form, then two coordinates of equal length.
                let point = pair.public_key().as_ref().get(1..).unwrap_or_default();
                let (x, y) = point.split_at(point.len() / 2);
                let curve = algorithm.curve().unwrap_or_default();
                json!({ "kty": "EC", "crv": curve, "x": encode(x), "y": encode(y) })
            }
            Material::Ed25519(pair) => {
                let x = encode(pair.public_key().as_ref());
                json!({ "kty": "OKP", "crv": "Ed25519", "x": x })
            }
            Material::Hmac(_) => json!({ "kty": "oct" }),
        };
        if let Some(members) = key.as_object_mut() {
            members.insert("use".into(), "sig".into());
            members.insert("alg".into(), self.algorithm().as_str().into());
            if let Some(key_id) = &self.key_id {
                members.insert("kid".into(), key_id.clone().into());
            }
        }
        key
    }
}

impl fmt::Debug for JwsSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwsSigner")
            .field("algorithm", &self.algorithm())
            .field("key_id", &self.key_id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
