//! Signing keys of the identity provider.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use serde_json::Value;
use typegate::testing::IdentityProvider;

/// The public half as a JWK with that id.
pub(crate) fn rsa_key(id: &str) -> Value {
    IdentityProvider::public_key(id)
}

/// A key of the same size that has signed nothing.
pub(crate) fn decoy_rsa_key(id: &str) -> Value {
    let mut key = rsa_key(id);
    let mut modulus = BASE64URL.decode(key["n"].as_str().unwrap()).unwrap();
    modulus[100] ^= 1;
    key["n"] = BASE64URL.encode(modulus).into();
    key
}

/// A compact JWS whose signature is made by `sign`.
pub(crate) fn sign_with(header: &str, claims: &str, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let signed = format!("{}.{}", BASE64URL.encode(header), BASE64URL.encode(claims));
    let signature = BASE64URL.encode(sign(signed.as_bytes()));
    format!("{signed}.{signature}")
}

pub(crate) fn sign_rs256(header: &str, claims: &str) -> String {
    IdentityProvider::sign(header, claims)
}
