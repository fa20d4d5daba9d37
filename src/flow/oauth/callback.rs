//! The callback, the second half of a sign-in: the browser comes back from the provider (RFC 6749
//! section 4.1.2, RFC 5849 sections 2.2 and 2.3).

use super::super::Context;
use super::super::last_attempt::remember;
use super::Version;
use super::finish::finish;
use super::outcome::outcome;
use super::returning::{Returning, contained_end, goes_on};
use crate::error::{ErrorCode, PageError};
use crate::web::Reply;

/// In this order:
///
/// - the provider's refusal; the attempt; whether it was completed before;
/// - for OAuth 2.0: no parameter is repeated; check cookies; state; code; metadata; issuer; token
///   request; access token; ID token; userinfo;
/// - for OAuth 1.0a: token; check cookie; the cookie's token is the same; verifier; access token;
///   profile request;
/// - profile; address; `signIn` callback; linking; session; redirect.
///
/// The end of an attempt deletes its check cookies and no others. A refusal that cannot be tied to
/// this browser ends no attempt.
pub(crate) async fn oauth_callback<V: Version>(context: &Context<'_>, relying_party: &V) -> Reply {
    let (log, provider) = (&context.config.log, relying_party.identity_provider());
    let id = provider.common.id.as_str();
    if let Some(refusal) = relying_party.refusal(context) {
        log.other_name(ErrorCode::OAuthCallbackHandler, Some(id), &refusal);
        log.failure(ErrorCode::OAuthCallback, Some(id), &refusal);
        let spent = relying_party.refused_attempt(context);
        // Whoever has no attempt here is told nothing of it.
        let outcome = outcome(&refusal).filter(|_| !spent.is_empty());
        let remembered = remember(context, id, None, outcome);
        return context.to_error(PageError::Callback).cookies(spent).cookies(remembered);
    }
    let Returning { check_cookies, spent, is_known, is_answer } = relying_party.returning(context);
    if is_answer
        && !is_known
        && let Some(reply) = goes_on(context, id).await
    {
        return reply;
    }
    let end = async {
        match relying_party.identify(context, &check_cookies).await {
            Ok(identity) => finish(context, provider, identity).await,
            Err(error) => {
                for code in V::codes(&error) {
                    log.other_name(code, Some(id), &error);
                }
                log.failure(ErrorCode::OAuthCallback, Some(id), &error);
                let remembered = remember(context, id, None, outcome(&error));
                context.to_error(V::CALLBACK_ERROR).cookies(remembered)
            }
        }
    };
    contained_end(context, id, spent, end).await
}
