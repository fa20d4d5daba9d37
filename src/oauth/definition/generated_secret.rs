//! A client secret that is itself a signed token of short life: who made the key renews it.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use serde_json::json;

use super::private_key::PrivateKey;
use crate::crypto::secret::ClientSecret;
use crate::jose::NotSigned;
use crate::model::JsonObject;

/// A day, in seconds. Apple takes up to half a year.
const LIFETIME: i64 = 24 * 60 * 60;

/// A client secret made from a key: a token (RFC 7519) with the claims `iss`, `iat`, `exp`, `aud`
/// and `sub`, the last one being the client id. It is good for a day and made anew when half of
/// that is over, so nobody has to replace it by hand.
///
/// Apple gives a team id, a key id and a file with the key:
///
/// ```
/// use typegate::provider::{OAuthClient, GeneratedSecret, PrivateKey};
///
/// # fn client(pem: &str) -> Result<OAuthClient, typegate::ConfigError> {
/// let key = PrivateKey::from_pem(pem)?.key_id("ABC123DEFG"); // AuthKey_ABC123DEFG.p8
/// let secret = GeneratedSecret::signed_by("TEAMID1234", key).for_audience("https://appleid.apple.com");
/// Ok(OAuthClient::with_generated_secret("com.example.web", secret))
/// # }
/// ```
#[derive(Clone)]
pub struct GeneratedSecret {
    issuer: String,
    audience: String,
    key: PrivateKey,
    current: Arc<Mutex<Option<Current>>>,
}

/// A client secret of which it is not said who reads it. Made by [`GeneratedSecret::signed_by`].
#[derive(Clone, Debug)]
#[must_use = "no secret is made until `for_audience` is called"]
pub struct UnaddressedSecret {
    issuer: String,
    key: PrivateKey,
}

impl UnaddressedSecret {
    /// Who reads the secret: the issuer of the provider's ID tokens, at Apple.
    #[must_use]
    pub fn for_audience(self, audience: impl Into<String>) -> GeneratedSecret {
        let Self { issuer, key } = self;
        GeneratedSecret { issuer, audience: audience.into(), key, current: Arc::default() }
    }
}

struct Current {
    text: ClientSecret,
    made_at: i64,
}

impl GeneratedSecret {
    /// Takes who makes the secret (at Apple the team) and the key. It still has to be said who reads
    /// it, by [`for_audience`](UnaddressedSecret::for_audience).
    pub fn signed_by(issuer: impl Into<String>, key: PrivateKey) -> UnaddressedSecret {
        UnaddressedSecret { issuer: issuer.into(), key }
    }

    /// The secret of that client: the one at hand, or a new one if half its life is over.
    pub(crate) fn current(&self, client: &str, now: Timestamp) -> Result<ClientSecret, NotSigned> {
        let now = now.as_second();
        // Whoever panicked while holding the lock left a whole secret, or none.
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Current { text, made_at }) = &*current
            && (0..LIFETIME / 2).contains(&(now - made_at))
        {
            return Ok(text.clone());
        }
        let mut claims = JsonObject::new();
        for (name, value) in [
            ("iss", json!(self.issuer)),
            ("iat", json!(now)),
            ("exp", json!(now + LIFETIME)),
            ("aud", json!(self.audience)),
            ("sub", json!(client)),
        ] {
            claims.insert(name.into(), value);
        }
        let text = ClientSecret::new(self.key.0.sign(&claims)?);
        *current = Some(Current { text: text.clone(), made_at: now });
        Ok(text)
    }
}

impl fmt::Debug for GeneratedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GeneratedSecret")
            .field("issuer", &self.issuer)
            .field("audience", &self.audience)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::{KeySet, SignatureAlgorithm, SignedToken};

    #[test]
    fn a_secret_is_signed_kept_and_renewed_in_time() {
        let pem = include_str!("../../../tests/data/keys/p256.pem");
        let key = PrivateKey::from_pem(pem).unwrap().key_id("KEY");
        let set = KeySet::from_json(&json!({ "keys": [key.0.public_jwk()] })).unwrap();
        let secret = GeneratedSecret::signed_by("TEAM", key).for_audience("https://apple.example");
        let at = |second| {
            let now = Timestamp::from_second(second).unwrap();
            secret.current("client", now).unwrap().expose().to_owned()
        };
        let first = at(1_000_000);
        let claims = SignedToken::parse(&first, &[SignatureAlgorithm::Es256]).unwrap();
        assert_eq!(
            serde_json::Value::Object(claims.verify(&set).unwrap()),
            json!({
                "iss": "TEAM", "iat": 1_000_000, "exp": 1_086_400,
                "aud": "https://apple.example", "sub": "client",
            })
        );
        assert_eq!(at(1_000_000 + LIFETIME / 2 - 1), first);
        let second = at(1_000_000 + LIFETIME / 2);
        assert_ne!(second, first);
        // A clock that was set back must not leave a secret of the future in use.
        assert_ne!(at(1_000_000 - 1), second);
    }
}
