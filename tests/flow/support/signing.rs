//! Signing keys of the identity provider.

use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
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

fn p384_pair() -> &'static EcdsaKeyPair {
    static PAIR: OnceLock<EcdsaKeyPair> = OnceLock::new();
    PAIR.get_or_init(|| {
        let (algorithm, random) = (&ECDSA_P384_SHA384_FIXED_SIGNING, SystemRandom::new());
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap()
    })
}

pub(crate) fn p384_key(id: &str) -> Value {
    // SEC 1 section 2.3.3: 4 stands for "not compressed".
    let (x, y) = p384_pair().public_key().as_ref().strip_prefix(&[4]).unwrap().split_at(48);
    let (x, y) = (BASE64URL.encode(x), BASE64URL.encode(y));
    json!({ "kty": "EC", "crv": "P-384", "use": "sig", "alg": "ES384", "kid": id, "x": x, "y": y })
}

pub(crate) fn sign_es384(header: &str, claims: &str) -> String {
    sign_with(header, claims, |message| {
        p384_pair().sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec()
    })
}
