//! Sign-in with an identity provider: the two halves of the redirection flow of OAuth 2.0, OpenID
//! Connect and OAuth 1.0a, and the refresh of the tokens that come of it.
//!
//! What goes to the provider and what may be believed of it is the business of
//! [`oauth`](crate::oauth). Here are cookies, redirects and error codes. What differs between the
//! versions stands in the implementations of [`Version`].

mod attempt_key;
mod authorization_request;
mod callback;
mod check_cookie;
mod finish;
mod oauth1;
mod oauth2;
mod private_key;
mod refresh;
mod returning;
mod version;

pub(crate) use authorization_request::authorization_request;
pub(crate) use callback::oauth_callback;
pub(super) use private_key::note_private_key;
pub(crate) use refresh::refresh_tokens;
use version::Version;
