//! How is a session kept in a cookie, so that nobody else can read or change it?
//!
//! NextAuth v4's format: a compact JWE (RFC 7516) with direct encryption by AES-256-GCM, its key
//! derived from the application's secret.

mod claims;
mod jwe;
mod jws;

pub use claims::Claims;
pub(crate) use jwe::{MAXIMUM_TOKEN_LENGTH, SealingKeys, TokenRefused};
pub use jws::SignatureAlgorithm;
pub(crate) use jws::{KeySet, SignatureError, SignedToken};
