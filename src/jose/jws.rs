//! Signed tokens: JWS in the compact serialization (RFC 7515 section 3.1), taken apart and verified.
//!
//! The caller chooses the algorithms and the token none besides; keys come from the caller's set, never
//! from the token's header (RFC 8725 sections 3.1 and 3.10).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use serde_json::Value;

use super::{JwsVerifier, KeySet, SignatureAlgorithm};
use crate::crypto::secret::ClientSecret;
use crate::json::unambiguous;
use crate::model::JsonObject;

/// Longest signed token that is looked at.
const MAXIMUM_TOKEN_LENGTH: usize = 64 * 1024;

/// Why a signed token was refused.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum SignatureError {
    #[error("is not a compact JWS")]
    Malformed,
    #[error("is longer than {} KiB", MAXIMUM_TOKEN_LENGTH / 1024)]
    TooLong,
    #[error("is signed with another algorithm than {expected}{}", by(*.given))]
    Algorithm { expected: String, given: Option<SignatureAlgorithm> },
    #[error("has a critical header parameter that is not understood")]
    Critical,
    #[error("{0}")]
    NoKey(String),
    #[error("names no key, and the provider publishes several")]
    AmbiguousKey,
    #[error("has a signature that does not verify")]
    Signature,
}

impl SignatureError {
    fn of_algorithm(expected: &[SignatureAlgorithm], given: Option<&str>) -> Self {
        let expected: Vec<_> = expected.iter().map(|algorithm| algorithm.as_str()).collect();
        let expected = expected.join(" or ");
        Self::Algorithm { expected, given: given.and_then(SignatureAlgorithm::of_name) }
    }
}

/// The algorithm by which it is signed, if it is one that can be chosen.
fn by(algorithm: Option<SignatureAlgorithm>) -> String {
    algorithm.map(|algorithm| format!(", by {}", algorithm.as_str())).unwrap_or_default()
}

/// A token taken apart but not believed: the only way to its claims is to verify it.
pub(crate) struct SignedToken<'a> {
    signed: &'a str,
    signature: Vec<u8>,
    payload: Vec<u8>,
    key_id: Option<String>,
    token_type: Option<String>,
    algorithm: SignatureAlgorithm,
}

impl<'a> SignedToken<'a> {
    /// Takes a token apart: three parts of unpadded base64url, JSON objects without repeated
    /// members, one of the expected algorithms, no `crit`.
    pub(crate) fn parse(
        token: &'a str,
        expected: &[SignatureAlgorithm],
    ) -> Result<Self, SignatureError> {
        if token.len() > MAXIMUM_TOKEN_LENGTH {
            return Err(SignatureError::TooLong);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(SignatureError::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(SignatureError::Malformed)?;
        let decode = |text| URL_SAFE_NO_PAD.decode(text).map_err(|_| SignatureError::Malformed);
        let header = parse_object(&decode(header)?)?;
        let name = header.get("alg").and_then(Value::as_str);
        let is_named = |algorithm: &&SignatureAlgorithm| name == Some(algorithm.as_str());
        let Some(&algorithm) = expected.iter().find(is_named) else {
            return Err(SignatureError::of_algorithm(expected, name));
        };
        // An unencoded payload (RFC 7797) must be critical, so it is never "absent" otherwise.
        if header.contains_key("crit") || header.contains_key("b64") {
            return Err(SignatureError::Critical);
        }
        // Of an encrypted token, which this is not.
        if header.contains_key("enc") || header.contains_key("zip") {
            return Err(SignatureError::Malformed);
        }
        let text = |name: &str| match header.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(SignatureError::Malformed),
        };
        let (key_id, token_type) = (text("kid")?, text("typ")?);
        // A token in a token (RFC 7519 section 5.2).
        if text("cty")?.is_some_and(|content| media_type(&content) == "jwt") {
            return Err(SignatureError::Malformed);
        }
        let (signature, payload) = (decode(signature)?, decode(payload)?);
        Ok(Self { signed, signature, payload, key_id, token_type, algorithm })
    }

    /// Which kind of token its header says it is (RFC 7519 section 5.1).
    pub(crate) fn token_type(&self) -> Option<String> {
        self.token_type.as_deref().map(media_type)
    }

    /// The one of the expected algorithms by which it says it is signed.
    pub(crate) fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// Verifies with the keys that the token names among the provider's, one after the other, or
    /// with the only candidate if it names none.
    pub(crate) fn verify(&self, keys: &KeySet) -> Result<JsonObject, SignatureError> {
        let mut outcome = Err(SignatureError::Signature);
        for key in keys.candidates(self.algorithm, self.key_id.as_deref())? {
            outcome = self.verify_by(key);
            if outcome != Err(SignatureError::Signature) {
                break;
            }
        }
        outcome
    }

    /// Verifies an HMAC with the client secret (OpenID Connect Core section 10.1).
    pub(crate) fn verify_hmac(&self, secret: &ClientSecret) -> Result<JsonObject, SignatureError> {
        // Anybody knows the empty secret.
        let key = DecodingKey::from_secret(secret.expose().as_bytes())
            .map_err(|_| SignatureError::Signature)?;
        self.verify_by(&key)
    }

    fn verify_by(&self, key: &DecodingKey) -> Result<JsonObject, SignatureError> {
        let verifier = JwsVerifier::new(self.algorithm.in_jsonwebtoken(), key)
            .map_err(|_| SignatureError::of_algorithm(&[self.algorithm], None))?;
        verifier
            .verify(self.signed.as_bytes(), &self.signature)
            .map_err(|_| SignatureError::Signature)?;
        self.claims()
    }

    fn claims(&self) -> Result<JsonObject, SignatureError> {
        unambiguous::claims(&self.payload).map_err(|_| SignatureError::Malformed)
    }
}

/// A media type in lower case, without the prefix that may be left out (RFC 7515 section 4.1.9).
fn media_type(text: &str) -> String {
    let text = text.to_ascii_lowercase();
    let short = text.strip_prefix("application/").filter(|rest| !rest.contains('/'));
    short.map(ToOwned::to_owned).unwrap_or(text)
}

/// A JSON object in which a member that is repeated, wherever it stands, is an error (RFC 8725
/// section 2.6): two parsers must not see two tokens.
pub(crate) fn parse_object(bytes: &[u8]) -> Result<JsonObject, SignatureError> {
    unambiguous::object_of_token(bytes).map_err(|_| SignatureError::Malformed)
}
