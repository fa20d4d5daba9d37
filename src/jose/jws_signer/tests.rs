//! Keys made by OpenSSL and Node, and signatures checked by the verifying half.

use super::*;
use crate::crypto::secret::ClientSecret;
use crate::jose::{KeySet, SignedToken};

const PEM: [(&str, SignatureAlgorithm); 5] = [
    (include_str!("../../../tests/data/keys/rsa.pem"), SignatureAlgorithm::Rs256),
    (include_str!("../../../tests/data/keys/rsa_pkcs1.pem"), SignatureAlgorithm::Rs256),
    (include_str!("../../../tests/data/keys/p256.pem"), SignatureAlgorithm::Es256),
    (include_str!("../../../tests/data/keys/p384.pem"), SignatureAlgorithm::Es384),
    (include_str!("../../../tests/data/keys/ed25519.pem"), SignatureAlgorithm::EdDsa),
];

fn jwks() -> Value {
    serde_json::from_str(include_str!("../../../tests/data/keys/private.jwk.json")).unwrap()
}

fn claims() -> JsonObject {
    json!({ "sub": "ada" }).as_object().unwrap().clone()
}

#[test]
fn a_key_signs_what_its_public_half_verifies() {
    let from_pem = PEM.map(|(pem, algorithm)| (JwsSigner::from_pem(pem).unwrap(), algorithm));
    let jwks = jwks();
    let from_jwk = [
        ("rsa", SignatureAlgorithm::Rs256),
        ("p256", SignatureAlgorithm::Es256),
        ("p384", SignatureAlgorithm::Es384),
        ("ed25519", SignatureAlgorithm::EdDsa),
    ]
    .map(|(name, algorithm)| (JwsSigner::from_jwk(&jwks[name]).unwrap(), algorithm));
    let generated =
        [SignatureAlgorithm::Es256, SignatureAlgorithm::Es384, SignatureAlgorithm::EdDsa]
            .map(|algorithm| (JwsSigner::generate(algorithm, "new").unwrap(), algorithm));
    let rsa = [SignatureAlgorithm::Rs384, SignatureAlgorithm::Rs512, SignatureAlgorithm::Ps256];
    let rsa = rsa.map(|algorithm| {
        let key = JwsSigner::from_jwk(&jwks["rsa"]).unwrap();
        (key.with_algorithm(algorithm).unwrap(), algorithm)
    });
    let given = from_pem.into_iter().chain(from_jwk);
    for (mut key, algorithm) in given.chain(generated).chain(rsa) {
        key.key_id = Some("one".into());
        assert_eq!(key.algorithm(), algorithm);
        let token = key.sign(&claims()).unwrap();
        let set = KeySet::from_json(&json!({ "keys": [key.public_jwk()] })).unwrap();
        let parsed = SignedToken::parse(&token, &[algorithm]).unwrap();
        assert_eq!(parsed.verify(&set).unwrap(), claims(), "{algorithm:?}");
    }
}

#[test]
fn a_secret_signs_what_it_verifies() {
    let token = JwsSigner::hmac(b"a secret that both of us know of").sign(&claims()).unwrap();
    let verify = |secret: &str| {
        let parsed = SignedToken::parse(&token, &[SignatureAlgorithm::Hs256]).unwrap();
        parsed.verify_hmac(&ClientSecret::new(secret))
    };
    assert_eq!(verify("a secret that both of us know of").unwrap(), claims());
    assert!(verify("another").is_err());
}

#[test]
fn what_cannot_sign_is_refused_and_not_quoted() {
    let refused = |pem: &str| JwsSigner::from_pem(pem).unwrap_err();
    assert_eq!(refused(include_str!("../../../tests/data/keys/p256_sec1.pem")), KeyRefused::Sec1);
    for pem in [
        include_str!("../../../tests/data/keys/rsa_1024.pem"),
        include_str!("../../../tests/data/keys/secp256k1.pem"),
    ] {
        assert_eq!(refused(pem), KeyRefused::Unsupported);
    }
    for pem in ["", "canary", include_str!("../../../tests/data/keys/rsa_public.pem")] {
        assert!(matches!(refused(pem), KeyRefused::NoPem(_)));
    }

    let jwks = jwks();
    for (name, member) in [("rsa", "qi"), ("p256", "d"), ("p256", "x"), ("ed25519", "d")] {
        let mut key = jwks[name].clone();
        key.as_object_mut().unwrap().remove(member);
        assert_eq!(JwsSigner::from_jwk(&key).unwrap_err(), KeyRefused::Member(member));
    }
    let mut other_half = jwks["p256"].clone();
    other_half["x"] = jwks["p256"]["y"].clone();
    assert!(matches!(JwsSigner::from_jwk(&other_half), Err(KeyRefused::Rejected(_))));
    let mut other_algorithm = jwks["rsa"].clone();
    other_algorithm["alg"] = "ES256".into();
    assert_eq!(JwsSigner::from_jwk(&other_algorithm).unwrap_err(), KeyRefused::Member("alg"));
    let symmetric = json!({ "kty": "oct", "k": "c2VjcmV0" });
    assert_eq!(JwsSigner::from_jwk(&symmetric).unwrap_err(), KeyRefused::Unsupported);
}

#[test]
fn r110_a_key_does_not_print() {
    let shown = format!("{:?}", JwsSigner::from_jwk(&jwks()["p256"]).unwrap());
    assert_eq!(shown, "JwsSigner { algorithm: Es256, key_id: None, .. }");
}
