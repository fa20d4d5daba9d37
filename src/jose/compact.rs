//! The compact serialization of a JWE with direct encryption (RFC 7516 section 3.1), and the
//! registered claims that limit how long a token is valid (RFC 7519 section 4.1): what every
//! format of an encrypted session token shares.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::crypto::random::{self, RandomError};
use crate::jose::Claims;
use crate::json::javascript;
use crate::model::JsonObject;

/// How long past `exp`, and how far before `nbf`, a token is still good: clocks differ.
const TOLERANCE: i64 = 15;
/// Bytes that hold the claims of a session to which the application adds little, and how many there
/// are.
const USUAL_CLAIMS: usize = 512;
const USUAL_MEMBERS: usize = 8;
/// Longest token that is looked at: 32 cookie chunks.
pub(crate) const MAXIMUM_TOKEN_LENGTH: usize = 128 * 1024;

/// Why a sealed token was not opened. Who sent it learns nothing of this.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum TokenRefused {
    #[error("a piece of the token is missing")]
    Incomplete,
    #[error("the token is not a compact JWE")]
    Malformed,
    #[error("the token is not encrypted with `dir` and the content encryption of its cookie")]
    Algorithm,
    #[error("the token was not sealed with a configured secret, or was changed since")]
    Decryption,
    #[error("the token is not a compact JWS")]
    NotSigned,
    #[error(
        "the signing key supports {supported} and not the algorithm that the token says: was it \
         made with another key? `typegate newkey` makes one for HS512"
    )]
    KeyUnsupported { supported: &'static str },
    #[error("the token names a key that is not configured")]
    UnknownKey,
    #[error("the token was not signed with a configured key, or was changed since")]
    Signature,
    #[error("the token does not hold a JSON object")]
    Payload,
    #[error("the token's claim `{0}` is missing or not a number")]
    Claim(&'static str),
    #[error("the token is not valid yet")]
    NotYetValid,
    #[error("the token has expired")]
    Expired,
    #[error("the token was sealed for a sign-in under way and is no session")]
    Purpose,
}

/// A token that is ready to be sent.
pub(crate) struct SealedToken {
    pub(crate) text: String,
}

/// The parts of a token whose second part, the encrypted key, is empty.
#[derive(Clone, Copy)]
pub(crate) struct Compact<'a> {
    pub(crate) header: &'a str,
    iv: &'a str,
    ciphertext: &'a str,
    tag: &'a str,
}

/// The last three parts as bytes.
pub(crate) struct Decoded<const IV: usize, const TAG: usize> {
    pub(crate) iv: [u8; IV],
    pub(crate) ciphertext: Vec<u8>,
    pub(crate) tag: [u8; TAG],
}

impl<'a> Compact<'a> {
    /// In this order: length, five parts, empty second part.
    pub(crate) fn parse(token: &'a str) -> Result<Self, TokenRefused> {
        if token.len() > MAXIMUM_TOKEN_LENGTH {
            return Err(TokenRefused::Malformed);
        }
        let mut parts = token.split('.');
        let mut part = || parts.next().ok_or(TokenRefused::Malformed);
        let (header, encrypted_key, iv, ciphertext, tag) =
            (part()?, part()?, part()?, part()?, part()?);
        if parts.next().is_some() || !encrypted_key.is_empty() {
            return Err(TokenRefused::Malformed);
        }
        Ok(Self { header, iv, ciphertext, tag })
    }

    /// Initialisation vector and tag have exactly the lengths of the algorithm (RFC 7518 sections
    /// 5.2 and 5.3): a shorter tag would be easier to guess.
    pub(crate) fn decode<const IV: usize, const TAG: usize>(
        self,
    ) -> Result<Decoded<IV, TAG>, TokenRefused> {
        let (iv, tag) = (decode_exactly(self.iv)?, decode_exactly(self.tag)?);
        // With room for the tag, which is opened with it.
        let mut ciphertext = Vec::with_capacity(self.ciphertext.len() + TAG);
        URL_SAFE_NO_PAD
            .decode_vec(self.ciphertext, &mut ciphertext)
            .map_err(|_| TokenRefused::Malformed)?;
        Ok(Decoded { iv, ciphertext, tag })
    }
}

/// Text that stands for that many bytes, no more and no fewer.
fn decode_exactly<const N: usize>(text: &str) -> Result<[u8; N], TokenRefused> {
    let mut bytes = [0; N];
    match URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) {
        Ok(length) if length == N => Ok(bytes),
        _ => Err(TokenRefused::Malformed),
    }
}

fn decode(text: &str) -> Result<Vec<u8>, TokenRefused> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| TokenRefused::Malformed)
}

pub(crate) fn serialise(header: &str, iv: &[u8], ciphertext: &[u8], tag: &[u8]) -> SealedToken {
    let mut text = String::with_capacity(header.len() + ciphertext.len() * 4 / 3 + 80);
    text.push_str(header);
    text.push_str("..");
    URL_SAFE_NO_PAD.encode_string(iv, &mut text);
    text.push('.');
    URL_SAFE_NO_PAD.encode_string(ciphertext, &mut text);
    text.push('.');
    URL_SAFE_NO_PAD.encode_string(tag, &mut text);
    SealedToken { text }
}

/// The protected header, if it pins `dir` and has neither `zip` nor `crit` (RFC 8725 sections 3.1
/// and 3.6). Other members, such as `typ`, are not looked at, as in NextAuth.
pub(crate) fn direct_header(header: &str) -> Result<JsonObject, TokenRefused> {
    let header: JsonObject =
        serde_json::from_slice(&decode(header)?).map_err(|_| TokenRefused::Malformed)?;
    let is_direct = header.get("alg").and_then(Value::as_str) == Some("dir")
        && !header.contains_key("zip")
        && !header.contains_key("crit");
    is_direct.then_some(header).ok_or(TokenRefused::Algorithm)
}

/// The plaintext of `claims` after setting `iat`, `exp` and `jti`, replacing what was there, and
/// an initialisation vector.
pub(crate) fn stamp<const RANDOM: usize, const IV: usize>(
    claims: &mut Claims,
    now: Timestamp,
    maximum_age: i64,
) -> Result<(Vec<u8>, [u8; IV]), RandomError> {
    const { assert!(RANDOM == IV + 16, "every random byte is used once") };
    // One call to the generator for both values.
    let randomness: [u8; RANDOM] = random::bytes()?;
    let (mut iv, mut id) = ([0; IV], [0; 16]);
    for (target, source) in iv.iter_mut().chain(&mut id).zip(randomness) {
        *target = source;
    }
    let issued_at = now.as_second();
    claims.set("iat", issued_at.into());
    claims.set("exp", issued_at.saturating_add(maximum_age).into());
    claims.set("jti", random::uuid_from(id).into());
    let mut plaintext = Vec::with_capacity(USUAL_CLAIMS);
    serde_json::to_writer(&mut plaintext, claims).map_err(|_| RandomError)?;
    Ok((plaintext, iv))
}

/// The claims of an opened token if its times are good. A token without `exp` is refused (NextAuth
/// accepts it for ever).
pub(crate) fn current(plaintext: &[u8], now: Timestamp) -> Result<Claims, TokenRefused> {
    let Members(members) =
        javascript::read_leniently(plaintext).map_err(|_| TokenRefused::Payload)?;
    let now = now.as_second();
    numeric(&members, "iat")?;
    if numeric(&members, "nbf")?.is_some_and(|start| start > (now + TOLERANCE) as f64) {
        return Err(TokenRefused::NotYetValid);
    }
    let end = numeric(&members, "exp")?.ok_or(TokenRefused::Claim("exp"))?;
    if end <= (now - TOLERANCE) as f64 {
        return Err(TokenRefused::Expired);
    }
    Ok(Claims::from(members))
}

/// A claim that has to be a number if it is there.
fn numeric(claims: &JsonObject, name: &'static str) -> Result<Option<f64>, TokenRefused> {
    let number = |claim: &Value| claim.as_f64().ok_or(TokenRefused::Claim(name));
    claims.get(name).map(number).transpose()
}

/// A JSON object with room for the claims of most people, so that it does not grow while it is
/// read. Of repeated members the last counts, as everywhere in claims.
struct Members(JsonObject);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(object: D) -> Result<Self, D::Error> {
        object.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Members, A::Error> {
        let mut members = JsonObject::with_capacity(USUAL_MEMBERS);
        while let Some((name, value)) = object.next_entry()? {
            members.insert(name, value);
        }
        Ok(Members(members))
    }
}
