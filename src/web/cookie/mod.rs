//! Cookies (RFC 6265bis): names, attributes, parsing and writing, as NextAuth v4 does it.

mod check;
mod chunk;
mod policy;
mod request;
mod same_site;
mod set_cookie;

pub(crate) use check::{Circumstances, refused, refused_of_host};
pub(crate) use chunk::{MAXIMUM_PIECES, has_session, session_candidates, write_session};
#[cfg(feature = "auth-js-v5")]
pub(crate) use policy::AUTH_JS_SESSION;
pub use policy::{Anywhere, CookieName, CookiePolicy, Cookies, HostLocked};
pub(crate) use policy::{CookieSet, ResolvedCookie};
pub(crate) use request::{RequestCookies, decode, has_good_encoding};
pub use same_site::SameSite;
pub(crate) use set_cookie::{SetCookie, URI_COMPONENT};
