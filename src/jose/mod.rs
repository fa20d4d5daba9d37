//! JOSE: encrypted tokens (JWE, RFC 7516), signed tokens (JWS, RFC 7515) and their keys (JWK,
//! RFC 7517), in the compact serialization.

mod algorithm;
mod claims;
pub(crate) mod compact;
pub(crate) mod jwe;
mod jwk;
pub(crate) mod jws;
mod jws_signer;
mod jws_verifier;
mod pem_form;

pub use self::algorithm::{IntoSignatureAlgorithm, SignatureAlgorithm};
pub use self::claims::Claims;
pub(crate) use self::compact::{MAXIMUM_TOKEN_LENGTH, SealedToken, TokenRefused};
pub(crate) use self::jwe::SealingKeys;
pub(crate) use self::jwk::KeySet;
pub(crate) use self::jws::{SignatureError, SignedToken};
pub(crate) use self::jws_signer::{JwsSigner, KeyRefused, NotSigned};
pub(crate) use self::jws_verifier::JwsVerifier;
