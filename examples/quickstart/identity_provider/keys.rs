//! The signing key, and its JWK set (RFC 7517).

use ring::{
    error::{KeyRejected, Unspecified},
    rand::SystemRandom,
    rsa::{KeyPair, PublicKeyComponents},
    signature::RSA_PKCS1_SHA256,
};
use serde_json::{Value, json};

use super::encoding::{base64url, sha256_base64url};

/// RSA, 2048 bits, PKCS#8. *Everybody knows this key*: it is published with the source,
/// because ring cannot make RSA keys. Its signatures prove nothing to anybody, so it
/// belongs only to a provider bound to loopback.
const DEVELOPMENT_KEY: &[u8] = include_bytes!("development-key.pk8");

/// Signs ID tokens with RS256, which every provider must support (OIDC Core
/// section 15.1).
pub(super) struct SigningKey {
    pair: KeyPair,
    kid: String,
    modulus: String,
    exponent: String,
    random: SystemRandom,
}

impl SigningKey {
    pub(super) fn development(random: SystemRandom) -> Result<Self, KeyRejected> {
        let pair = KeyPair::from_pkcs8(DEVELOPMENT_KEY)?;
        let public = PublicKeyComponents::<Vec<u8>>::from(pair.public());
        let modulus = base64url(public.n);
        let exponent = base64url(public.e);
        // The thumbprint of RFC 7638, whose member order and spacing are fixed.
        let kid = sha256_base64url(&format!(r#"{{"e":"{exponent}","kty":"RSA","n":"{modulus}"}}"#));
        Ok(Self { pair, kid, modulus, exponent, random })
    }

    /// The JWK set of RFC 7517 section 5.
    pub(super) fn jwk_set(&self) -> Value {
        json!({
            "keys": [{
                "kty": "RSA",
                "use": "sig",
                "alg": "RS256",
                "kid": self.kid,
                "n": self.modulus,
                "e": self.exponent,
            }]
        })
    }

    /// A JWT in the compact form of RFC 7515 section 7.1.
    pub(super) fn sign(&self, claims: &Value) -> Result<String, Unspecified> {
        let header = json!({ "alg": "RS256", "kid": self.kid, "typ": "JWT" });
        let mut jwt =
            format!("{}.{}", base64url(header.to_string()), base64url(claims.to_string()));
        let mut signature = vec![0; self.pair.public().modulus_len()];
        self.pair.sign(&RSA_PKCS1_SHA256, &self.random, jwt.as_bytes(), &mut signature)?;
        jwt.push('.');
        jwt.push_str(&base64url(signature));
        Ok(jwt)
    }
}
