//! The authorization-code flow of OAuth 2.0 and OpenID Connect, step by step. OAuth 1.0a shares
//! its check cookie and its end.

mod attempt_key;
mod authorization_request;
mod callback;
mod check_cookie;
mod finish;
mod logout_token;
mod pushed_authorization;
mod refresh;
mod returning;

pub(crate) use attempt_key::AttemptKey;
pub(crate) use authorization_request::authorization_request;
pub(crate) use callback::{oauth_callback, provider_error};
pub(crate) use check_cookie::CheckCookies;
pub(crate) use finish::{Identity, IdentityProvider, finish};
pub(crate) use logout_token::{Logout, signed_logout_token, validate_logout_token};
pub(crate) use refresh::refresh_tokens;
pub(super) use refresh::stored_claims;
pub(crate) use returning::{contained_end, goes_on};
