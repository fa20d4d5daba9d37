//! The verification of a JWS signature (RFC 7515 section 5.2): keys and algorithms from
//! `jsonwebtoken`, cryptography from `ring`.
//!
//! Neither back end that `jsonwebtoken` ships will do: one brings a second crypto library, the
//! other the `rsa` crate with its open advisory. A program can install another, but only once, and
//! `decode`, `encode` and `crypto::verify` use whichever is installed and panic if none is. A
//! library that installed one would take the choice from the application; a library that relied on
//! the installed one would accept whatever that accepts. So this verifier is never installed, and
//! nothing here calls a function that looks for an installed one: `clippy.toml` forbids it, and
//! `tests/foreign_provider` tries it with a hostile one.

use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind};
use ring::error::Unspecified;
use ring::hmac;
use ring::signature::{
    self, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};

/// A key and the one algorithm by which it verifies.
#[derive(Clone)]
pub(crate) struct JwsVerifier(Material);

#[derive(Clone)]
enum Material {
    Hmac(hmac::Key),
    Rsa { parameters: &'static RsaParameters, modulus: Vec<u8>, exponent: Vec<u8> },
    Point { algorithm: &'static dyn VerificationAlgorithm, point: Vec<u8> },
}

impl JwsVerifier {
    /// Fails if the key is of another family than the algorithm, so that a public key is never
    /// taken for the secret of an HMAC (RFC 8725 section 2.1), or if nothing of ours signs by the
    /// algorithm.
    pub(crate) fn new(algorithm: Algorithm, key: &DecodingKey) -> Result<Self, Error> {
        if key.family() != algorithm.family() {
            return Err(ErrorKind::InvalidAlgorithm.into());
        }
        let hmac = |hash| Ok(Material::Hmac(hmac::Key::new(hash, key.try_get_as_bytes()?)));
        let point =
            |algorithm| Ok(Material::Point { algorithm, point: key.try_get_as_bytes()?.into() });
        let rsa = |parameters| match key.kind() {
            DecodingKeyKind::RsaModulusExponent { n, e } => Ok(Material::Rsa {
                parameters,
                modulus: n.iter().copied().skip_while(|byte| *byte == 0).collect(),
                exponent: e.clone(),
            }),
            DecodingKeyKind::SecretOrDer(_) => Err(Error::from(ErrorKind::InvalidKeyFormat)),
        };
        let material = match algorithm {
            Algorithm::HS256 => hmac(hmac::HMAC_SHA256),
            Algorithm::HS512 => hmac(hmac::HMAC_SHA512),
            Algorithm::RS256 => rsa(&signature::RSA_PKCS1_2048_8192_SHA256),
            Algorithm::RS384 => rsa(&signature::RSA_PKCS1_2048_8192_SHA384),
            Algorithm::RS512 => rsa(&signature::RSA_PKCS1_2048_8192_SHA512),
            Algorithm::PS256 => rsa(&signature::RSA_PSS_2048_8192_SHA256),
            Algorithm::ES256 => point(&signature::ECDSA_P256_SHA256_FIXED),
            Algorithm::ES384 => point(&signature::ECDSA_P384_SHA384_FIXED),
            Algorithm::EdDSA => point(&signature::ED25519),
            _ => Err(ErrorKind::UnsupportedAlgorithm.into()),
        };
        material.map(Self)
    }

    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), Unspecified> {
        match &self.0 {
            Material::Hmac(key) => hmac::verify(key, message, signature),
            Material::Rsa { parameters, modulus, exponent } => {
                RsaPublicKeyComponents { n: modulus, e: exponent }
                    .verify(parameters, message, signature)
            }
            Material::Point { algorithm, point } => {
                UnparsedPublicKey::new(*algorithm, point).verify(message, signature)
            }
        }
    }
}

#[cfg(test)]
mod tests;
