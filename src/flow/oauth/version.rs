//! The versions of OAuth: what differs in a sign-in between OAuth 2.0, with OpenID Connect, and
//! OAuth 1.0a.

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

    /// The first half: the address to which the browser is sent, and the check cookies it takes
    /// along.
    async fn begin(
        &self,
        context: &Context<'_>,
    ) -> Result<(SafeLocation, Vec<SetCookie>), OAuthError>;

    /// The provider's refusal, if the callback carries one.
    fn refusal(&self, context: &Context<'_>) -> Option<OAuthError>;

    /// The deletions of the refused attempt's cookies, if the attempt is this browser's.
    fn refused_attempt(&self, context: &Context<'_>) -> Vec<SetCookie>;

    /// The attempt that a callback belongs to.
    fn returning<'a>(&'a self, context: &'a Context<'a>) -> Returning<'a>;

    /// The second half: the tokens, and what the provider says about the person.
    async fn identify(
        &self,
        context: &Context<'_>,
        check_cookies: &CheckCookies<'_>,
    ) -> Result<Identity, OAuthError>;

    /// The codes under which a failure of [`identify`](Self::identify) is logged besides
    /// `OAUTH_CALLBACK_ERROR`.
    fn codes(error: &OAuthError) -> Vec<ErrorCode>;
}

/// The address to which the browser comes back. It is made from the configuration alone, with
/// nothing from the request, so that the token request can repeat it byte for byte.
pub(super) fn callback_address(context: &Context<'_>, provider: &str) -> String {
    context.address(&format!("callback/{provider}"))
}

/// The parameters of a callback: those of the form if there is one, or else of the query.
pub(super) fn answer<'a>(request: &'a Request<'_>) -> &'a Fields {
    if request.is_post() { &request.body } else { &request.query }
}
