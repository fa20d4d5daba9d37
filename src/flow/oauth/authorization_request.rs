//! The authorization request, the first half of a sign-in: the browser is sent to the provider (RFC
//! 6749 section 4.1.1, RFC 5849 section 2.2).

use super::super::Context;
use super::super::last_attempt::{remember, remember_language};
use super::Version;
use super::outcome::outcome;
use crate::error::{ErrorCode, PageError};
use crate::web::Reply;
use crate::web::csrf::CsrfVerified;

/// Starts a sign-in, which takes a verified CSRF token.
pub(crate) async fn authorization_request(
    context: &Context<'_>,
    relying_party: &impl Version,
    _: CsrfVerified,
) -> Reply {
    match relying_party.begin(context).await {
        Ok((location, cookies)) => {
            let id = relying_party.identity_provider().common.id.as_str();
            Reply::redirect(location).cookies(cookies).cookies(remember_language(context, id))
        }
        Err(error) => {
            let (log, id) =
                (&context.config.log, Some(relying_party.identity_provider().common.id.as_str()));
            let retired = error.retired_code().unwrap_or(ErrorCode::GetAuthorizationUrl);
            log.other_name(retired, id, &error);
            log.failure(ErrorCode::SignInOAuth, id, &error);
            let remembered = id.and_then(|id| remember(context, id, None, outcome(&error)));
            context.to_error(PageError::OAuthSignin).cookies(remembered)
        }
    }
}
