//! A session on the wire: its claims, the formats in which a cookie carries them, the cookies
//! themselves, how long it may last and how large it may be.
//!
//! The format is NextAuth v4's: a JWE under a key that is derived from the application's secret.
//! With the feature `auth-js-v5`, the format of Auth.js v5 as well. Or, where other services are to
//! read the session themselves, a signed token (RFC 7515).

#[cfg(feature = "auth-js-v5")]
mod auth_js;
mod codec;
mod cookies;
mod keys;
mod lifetime;
mod signed;
mod signing_key;
mod size;

#[cfg(feature = "auth-js-v5")]
pub(crate) use self::auth_js::AuthJsKeys;
pub(crate) use self::codec::SessionCodec;
#[cfg(feature = "auth-js-v5")]
pub(crate) use self::codec::SessionFormats;
pub(crate) use self::cookies::{CarriedSession, SealedSession, SessionCookies};
pub(crate) use self::keys::SessionKeys;
pub(crate) use self::lifetime::SessionLifetime;
pub(crate) use self::signed::SigningKeys;
pub use self::signing_key::{SigningAlgorithm, SigningKey};
pub(crate) use self::size::SealError;
