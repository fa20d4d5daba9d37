//! How is a session kept in a cookie, so that nobody else can read or change it?
//!
//! NextAuth v4's format: a compact JWE (RFC 7516) with direct encryption by AES-256-GCM, its key
//! derived from the application's secret. With the feature `auth-js-v5`, the format of Auth.js v5
//! as well.

#[cfg(feature = "auth-js-v5")]
mod auth_js;
mod claims;
mod compact;
mod jwe;
mod jws;
mod session_keys;
mod signing_key;

#[cfg(feature = "auth-js-v5")]
pub(crate) use auth_js::AuthJsKeys;
pub use claims::Claims;
pub(crate) use compact::{MAXIMUM_TOKEN_LENGTH, SealedToken, TokenRefused};
pub(crate) use jwe::SealingKeys;
pub use jws::SignatureAlgorithm;
pub(crate) use jws::{KeySet, SignatureError, SignedToken};
pub(crate) use session_keys::SessionKeys;
pub(crate) use signing_key::{KeyRefused, NotSigned, SigningKey};
