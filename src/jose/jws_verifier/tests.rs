//! Keys and algorithms that do not belong together, and what `jsonwebtoken` itself makes of tokens
//! that are refused here.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::crypto::{CryptoProvider, JwtVerifier, KeyUtils};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::signature::Verifier;
use jsonwebtoken::{Validation, decode};
use serde_json::{Value, json};

use super::*;
use crate::jose::{JwsSigner, KeySet, SignatureAlgorithm, SignatureError, SignedToken};
use crate::model::JsonObject;

/// A back end of `jsonwebtoken` over [`JwsVerifier`].
static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |_, _| Err(ErrorKind::UnsupportedAlgorithm.into()),
    verifier_factory: |algorithm, key| {
        let verifier = JwsVerifier::new(*algorithm, key)?;
        Ok(Box::new(Provided { algorithm: *algorithm, verifier }))
    },
    key_utils: KeyUtils::new_unimplemented(),
};

struct Provided {
    algorithm: Algorithm,
    verifier: JwsVerifier,
}

impl Verifier<Vec<u8>> for Provided {
    fn verify(
        &self,
        message: &[u8],
        signature: &Vec<u8>,
    ) -> Result<(), jsonwebtoken::signature::Error> {
        let verified = self.verifier.verify(message, signature);
        verified.map_err(|_| jsonwebtoken::signature::Error::new())
    }
}

impl JwtVerifier for Provided {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

fn signer() -> JwsSigner {
    let keys = include_str!("../../../tests/data/keys/private.jwk.json");
    let keys: Value = serde_json::from_str(keys).unwrap();
    JwsSigner::from_jwk(&keys["rsa"]).unwrap()
}

fn public_key(jwk: &Value) -> DecodingKey {
    DecodingKey::from_rsa_components(jwk["n"].as_str().unwrap(), jwk["e"].as_str().unwrap())
        .unwrap()
}

#[test]
fn r040_r041_a_key_goes_with_its_own_family_only() {
    let keys = [
        DecodingKey::from_secret(&[7; 64]).unwrap(),
        public_key(&signer().public_jwk()),
        DecodingKey::from_ec_der(&[4; 65]),
        DecodingKey::from_ed_der(&[7; 32]),
    ];
    for key in &keys {
        for other in &keys {
            for algorithm in other.family().algorithms() {
                let is_left_out =
                    matches!(algorithm, Algorithm::HS384 | Algorithm::PS384 | Algorithm::PS512);
                let fits = key.family() == other.family() && !is_left_out;
                assert_eq!(JwsVerifier::new(*algorithm, key).is_ok(), fits, "{algorithm:?}");
            }
        }
    }
    // A modulus that is not looked for in a document.
    assert!(JwsVerifier::new(Algorithm::RS256, &DecodingKey::from_rsa_der(&[7; 270])).is_err());
}

#[test]
fn r041_the_empty_secret_verifies_nothing() {
    let empty = hmac::Key::new(hmac::HMAC_SHA256, b"");
    let signed = format!("{}.e30", URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#));
    let tag = hmac::sign(&empty, signed.as_bytes());
    let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag));
    let parsed = SignedToken::parse(&token, &[SignatureAlgorithm::Hs256]).unwrap();
    assert!(parsed.verify_hmac(&"".into()).is_err());
}

/// Why `decode` of `jsonwebtoken` would not be enough even if it could be given a back end: what
/// it takes over the same cryptography. Where this fails because the crate has learnt to refuse,
/// the list can be shortened.
#[test]
#[expect(clippy::disallowed_methods, reason = "it is what the tokens are compared by")]
fn r055_jsonwebtoken_takes_what_is_refused_here() {
    let _ = PROVIDER.install_default();
    let signer = signer();
    let set = KeySet::from_json(&json!({ "keys": [signer.public_jwk()] })).unwrap();
    let key = public_key(&signer.public_jwk());
    let ours = |token: &str| {
        SignedToken::parse(token, &[SignatureAlgorithm::Rs256])
            .and_then(|parsed| parsed.verify(&set))
    };
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&["client"]);
    validation.set_issuer(&["https://id.example"]);
    let theirs = |token: &str| decode::<JsonObject>(token, &key, &validation);

    let good = r#"{"iss":"https://id.example","aud":"client","sub":"1","exp":4000000000}"#;
    let sign = |header: &str, claims: &str| {
        signer.sign_parts(header.as_bytes(), claims.as_bytes()).unwrap()
    };
    let token = sign(r#"{"alg":"RS256"}"#, good);
    assert!(ours(&token).is_ok() && theirs(&token).is_ok());
    let other = sign(r#"{"alg":"RS256"}"#, "{}");
    let signature_of = |token: &str| token.rsplit_once('.').unwrap().1.to_owned();
    let spoiled = token.replace(&signature_of(&token), &signature_of(&other));
    assert!(ours(&spoiled).is_err() && theirs(&spoiled).is_err());

    for (header, claims) in [
        (
            r#"{"alg":"RS256"}"#,
            good.replace('{', r#"{"email":"a@x.example","email":"b@x.example","#),
        ),
        (r#"{"alg":"RS256"}"#, good.replace('}', r#","realm":{"role":"a","role":"admin"}}"#)),
        (r#"{"alg":"RS256","x":1,"x":2}"#, good.into()),
        (r#"{"alg":"RS256","b64":true,"crit":["b64"]}"#, good.into()),
        (r#"{"alg":"RS256","cty":"JWT"}"#, good.into()),
        (r#"{"alg":"RS256","enc":"A256GCM"}"#, good.into()),
        (r#"{"alg":"RS256","zip":"DEF"}"#, good.into()),
    ] {
        let token = sign(header, &claims);
        assert!(theirs(&token).is_ok(), "{header} {claims}");
        assert!(ours(&token).is_err(), "{header} {claims}");
    }

    // What the checks of claims are there for, which come later.
    for claims in [
        good.replace(r#""https://id.example""#, r#"["https://id.example","https://x.example"]"#),
        good.replace('}', r#","azp":"another client"}"#),
        good.replace('}', r#","iat":3900000000}"#),
        good.replace('}', r#","nbf":3900000000}"#),
        good.replace(r#""client""#, r#"["client","another client"]"#),
    ] {
        assert!(theirs(&sign(r#"{"alg":"RS256"}"#, &claims)).is_ok(), "{claims}");
    }
    // One key that it cannot read, and it reads none.
    let mut odd = signer.public_jwk();
    odd["x5c"] = "a certificate outside of a list".into();
    let set = json!({ "keys": [signer.public_jwk(), odd] });
    assert!(serde_json::from_value::<JwkSet>(set.clone()).is_err());
    let set = KeySet::from_json(&set).unwrap();
    let candidates = set.candidates(SignatureAlgorithm::Rs256, None);
    assert_eq!(candidates.err(), Some(SignatureError::AmbiguousKey), "both are there");
}
