//! The authorization-code flow of OAuth 2.0 and OpenID Connect, step by step.

mod authorization_request;
mod callback;
mod check_cookie;
mod finish;
mod id_token;
mod token_request;
mod user_info;

pub(crate) use authorization_request::authorization_request;
pub(crate) use callback::oauth_callback;
