//! The cryptography of `jsonwebtoken` is global to the process: whoever comes first installs it.
//! Here a hostile one is, which believes every signature. A binary of its own, because nothing
//! takes it out again.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that meets a surprise fails"
)]
#![expect(clippy::disallowed_methods, reason = "they install the hostile one, and ask it")]

use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::Error;
use jsonwebtoken::signature::{self, Signer, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Validation, decode};
use serde_json::{Map, Value, json};
use typegate::testing::{Browser, Fault, IdentityProvider};
use typegate::{Auth, BoxError, Jwt, Secret, SigningAlgorithm, SigningKey};

const SESSION: &str = "next-auth.session-token";

/// How often the hostile one was asked.
static ASKED: AtomicUsize = AtomicUsize::new(0);

static HOSTILE: CryptoProvider =
    CryptoProvider { signer_factory, verifier_factory, key_utils: KeyUtils::new_unimplemented() };

struct Believes(Algorithm);

impl Verifier<Vec<u8>> for Believes {
    fn verify(&self, _: &[u8], _: &Vec<u8>) -> Result<(), signature::Error> {
        Ok(())
    }
}

impl JwtVerifier for Believes {
    fn algorithm(&self) -> Algorithm {
        self.0
    }
}

impl Signer<Vec<u8>> for Believes {
    fn try_sign(&self, _: &[u8]) -> Result<Vec<u8>, signature::Error> {
        Ok(b"anything".to_vec())
    }
}

impl JwtSigner for Believes {
    fn algorithm(&self) -> Algorithm {
        self.0
    }
}

fn verifier_factory(algorithm: &Algorithm, _: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    ASKED.fetch_add(1, Ordering::Relaxed);
    Ok(Box::new(Believes(*algorithm)))
}

fn signer_factory(algorithm: &Algorithm, _: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    ASKED.fetch_add(1, Ordering::Relaxed);
    Ok(Box::new(Believes(*algorithm)))
}

fn auth(idp: &IdentityProvider, jwk: &str) -> Result<Auth, BoxError> {
    let auth = Auth::builder()
        .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
        .url("http://localhost:3000".parse()?)
        .provider(idp.oidc("acme"))
        .session(Jwt::default().signed(SigningKey::from_jwk(jwk)?))
        .http_client(idp.clone())
        .build()?;
    Ok(auth)
}

/// What the page reads after a sign-in, and the session cookie.
async fn sign_in(auth: &Auth, idp: &IdentityProvider) -> Result<(Value, Option<String>), BoxError> {
    let mut browser = Browser::new(auth.service());
    browser.sign_in("acme", idp).await?;
    let session = browser.get("/api/auth/session").await?;
    Ok((serde_json::from_slice(session.body())?, browser.cookie(SESSION).map(Into::into)))
}

/// What a visitor with that session cookie is told.
async fn read(auth: &Auth, token: &str) -> Result<Value, BoxError> {
    let request =
        http::Request::get("/api/auth/session").header("cookie", format!("{SESSION}={token}"));
    let answer = auth.handle(request.body(bytes::Bytes::new())?).await;
    Ok(serde_json::from_slice(answer.body())?)
}

fn part(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

/// Who signs in and stays signed in, with each key of a session: the good are taken and the forged
/// are not.
async fn everything_is_judged_as_ever() -> Result<(), BoxError> {
    for algorithm in [SigningAlgorithm::Hs256, SigningAlgorithm::Hs512, SigningAlgorithm::EdDsa] {
        let jwk = SigningKey::generate_jwk(algorithm)?;
        let idp = IdentityProvider::new();
        let auth = auth(&idp, &jwk)?;
        for fault in [
            Fault::Unsigned,
            Fault::BrokenSignature,
            Fault::PublicKeyAsSecret,
            Fault::KeyInTheHeader,
            Fault::UnknownKey,
        ] {
            idp.set_fault(fault);
            assert_eq!(sign_in(&auth, &idp).await?, (json!({}), None), "{fault:?}");
        }
        idp.clear_fault();
        let (session, token) = sign_in(&auth, &idp).await?;
        assert_eq!(session["user"]["email"], "jane@example.com");

        let token = token.unwrap();
        assert_eq!(read(&auth, &token).await?["user"]["email"], "jane@example.com");
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let (header, _) = signed.split_once('.').unwrap();
        let claims =
            part(&json!({ "sub": "1", "email": "root@example.com", "exp": 4_000_000_000_u64 }));
        let bytes = URL_SAFE_NO_PAD.decode(signature)?;
        let zeros = URL_SAFE_NO_PAD.encode(vec![0; bytes.len()]);
        let unsigned = part(&json!({ "alg": "none" }));
        for forged in [
            format!("{header}.{claims}.{signature}"),
            format!("{header}.{claims}.{zeros}"),
            format!("{header}.{claims}."),
            format!("{signed}.{zeros}"),
            format!("{unsigned}.{claims}."),
        ] {
            assert_eq!(read(&auth, &forged).await?, json!({}), "{forged}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn another_back_end_of_jsonwebtoken_weakens_nothing_and_breaks_nothing() {
    everything_is_judged_as_ever().await.unwrap();
    // Nothing was installed on the way, or the application could install none of its own now.
    assert!(CryptoProvider::try_get_default().is_none());
    HOSTILE.install_default().unwrap();

    // It is what `jsonwebtoken` asks from now on, and it believes everything.
    let (header, claims) = (json!({ "alg": "RS256" }), json!({ "exp": 4_000_000_000_u64 }));
    let forged = format!("{}.{}.AAAA", part(&header), part(&claims));
    let key = DecodingKey::from_rsa_raw_components(&[1], &[3]);
    let validation = Validation::new(Algorithm::RS256);
    assert!(decode::<Map<String, Value>>(&forged, &key, &validation).is_ok());
    assert_eq!(ASKED.swap(0, Ordering::Relaxed), 1);

    everything_is_judged_as_ever().await.unwrap();
    assert_eq!(ASKED.load(Ordering::Relaxed), 0);
}
