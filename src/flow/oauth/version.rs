//! The versions of OAuth: what differs between OAuth 2.0 (with OpenID Connect) and OAuth 1.0a in a
//! sign-in.

use super::super::Context;
use super::check_cookie::CheckCookies;
use super::finish::{Identity, IdentityProvider};
use super::returning::Returning;
use crate::error::{ErrorCode, OAuthError, PageError};
use crate::web::cookie::SetCookie;
use crate::web::location::SafeLocation;
use crate::web::{Fields, Request};

/// A relying party of one version, as the flows use it.
pub(crate) trait Version {
    /// What the visitor is told when a callback fails.
    const CALLBACK_ERROR: PageError;

    fn identity_provider(&self) -> IdentityProvider<'_>;

    /// The first half: where the browser is sent, and the check cookies that it takes along.
    async fn begin(
        &self,
        context: &Context<'_>,
    ) -> Result<(SafeLocation, Vec<SetCookie>), OAuthError>;

    /// What the provider said instead of an answer, if it refused.
    fn refusal(&self, request: &Request<'_>) -> Option<OAuthError>;

    /// The deletions of the attempt that was refused, if it is one of this browser's.
    fn refused_attempt(&self, context: &Context<'_>) -> Vec<SetCookie>;

    /// The attempt that a callback is of.
    fn returning<'a>(&'a self, context: &'a Context<'a>) -> Returning<'a>;

    /// The second half: who somebody is.
    async fn identify(
        &self,
        context: &Context<'_>,
        check_cookies: &CheckCookies<'_>,
    ) -> Result<Identity, OAuthError>;

    /// The codes under which a failure of [`identify`](Self::identify) is logged, before
    /// `OAUTH_CALLBACK_ERROR`.
    fn codes(error: &OAuthError) -> Vec<ErrorCode>;
}

/// Where the browser comes back. Made of the configuration alone, nothing of the request is in it, so
/// the token request repeats it byte for byte.
pub(super) fn callback_address(context: &Context<'_>, provider: &str) -> String {
    context.address(&format!("callback/{provider}"))
}

/// The parameters of a callback: those of a form if it is posted.
pub(super) fn answer<'a>(request: &'a Request<'_>) -> &'a Fields {
    if request.is_post() { &request.body } else { &request.query }
}
