//! Sign-in with an identity provider (OAuth 2.0, OpenID Connect and OAuth 1.0a): the two halves of
//! the redirection flow, and the refresh of the tokens it yields.
//!
//! [`oauth`](crate::oauth) speaks the protocol. The flow adds cookies, redirects and error codes.
//! What differs between the versions is in the implementations of [`Version`].

mod attempt_key;
mod authorization_request;
mod callback;
mod check_cookie;
mod finish;
mod issuer;
mod oauth1;
mod oauth2;
mod outcome;
mod refresh;
mod remark;
mod returning;
mod version;

pub(crate) use authorization_request::authorization_request;
pub(crate) use callback::oauth_callback;
pub(crate) use refresh::refresh_tokens;
pub(super) use remark::note_remarks;
use version::Version;
