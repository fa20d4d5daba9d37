//! The session on the wire: the formats of its token, the cookies that carry it, its lifetime and its
//! size.
//!
//! By default the token is NextAuth v4's: a JWE under a key derived from the application's secret. The
//! feature `auth-js-v5` adds the format of Auth.js v5. Where other services have to read the session,
//! it can be a signed token (JWS) instead.

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
