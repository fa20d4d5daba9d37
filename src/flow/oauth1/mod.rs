//! The redirection-based flow of OAuth 1.0a (RFC 5849 section 2), step by step.

mod callback;
mod request_token;
mod signed_request;
mod token;

pub(crate) use callback::oauth1_callback;
pub(crate) use request_token::request_token;
