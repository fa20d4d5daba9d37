//! How is a session kept in a cookie, so that nobody else can read or change it?
//!
//! NextAuth v4's format: a compact JWE (RFC 7516) with direct encryption by AES-256-GCM, its key
//! derived from the application's secret. With the feature `auth-js-v5`, the format of Auth.js v5
//! as well. Or, where other services are to read the session themselves, a signed token (RFC 7515).

#[cfg(feature = "auth-js-v5")]
mod auth_js;
mod claims;
mod compact;
mod jwe;
mod jws;
mod jws_signer;
mod session_keys;
mod signed;
mod signing_key;

#[cfg(feature = "auth-js-v5")]
pub(crate) use auth_js::AuthJsKeys;
pub use claims::Claims;
pub(crate) use compact::{MAXIMUM_TOKEN_LENGTH, SealedToken, TokenRefused};
pub(crate) use jwe::SealingKeys;
pub use jws::SignatureAlgorithm;
pub(crate) use jws::{KeySet, SignatureError, SignedToken};
pub(crate) use jws_signer::{JwsSigner, KeyRefused, NotSigned};
pub(crate) use session_keys::SessionKeys;
pub(crate) use signed::SigningKeys;
pub use signing_key::{SigningAlgorithm, SigningKey};
