//! Returning browsers: the attempt that a callback belongs to, a callback that was completed
//! before, and the end of an attempt.

use std::pin::pin;

use super::super::Context;
use super::super::last_attempt::failed;
use super::check_cookie::CheckCookies;
use crate::config::Sessions;
use crate::error::{ErrorCode, PageError};
use crate::runtime::containment::unwound;
use crate::web::Reply;
use crate::web::cookie::SetCookie;

/// The attempt that a callback belongs to.
pub(crate) struct Returning<'a> {
    pub(super) check_cookies: CheckCookies<'a>,
    /// The deletions of its cookies, and of no other attempt's.
    pub(super) spent: Vec<SetCookie>,
    /// Whether the browser has cookies of it.
    pub(super) is_known: bool,
    /// Whether the callback has the parameters of an answer.
    pub(super) is_answer: bool,
}

/// The reply to a callback that was completed before, when somebody who is signed in uses the back
/// button or reloads the page: a redirect to where the first one went. It signs nobody in, links no
/// account and asks nothing of the provider, so a link from elsewhere gains no more by it than by
/// the callback URL itself.
pub(super) async fn goes_on(context: &Context<'_>, provider: &str) -> Option<Reply> {
    if !has_live_session(context).await {
        return None;
    }
    context.config.log.success("came back from the provider once more", Some(provider));
    Some(Reply::redirect(context.callback_url.clone()))
}

/// Renews nothing and fires no event: the session is not read on anybody's behalf.
async fn has_live_session(context: &Context<'_>) -> bool {
    let session = &context.kit.session;
    let Some(carried) = session.read(context.request.cookies()) else { return false };
    match &context.config.sessions {
        Sessions::Jwt(_) => session.open(carried, context.now).is_ok(),
        Sessions::Database(_, store) => match carried.stored(&**store, context.now).await {
            Ok(stored) => stored.current.is_some(),
            Err(error) => {
                context.config.log.failure(ErrorCode::Session, None, &error);
                false
            }
        },
    }
}

/// The reply at the end of a callback, which spends the attempt however it ends: even if the
/// application's code panics, no check cookie can be used again.
pub(super) async fn contained_end(
    context: &Context<'_>,
    provider: &str,
    spent: Vec<SetCookie>,
    end: impl Future<Output = Reply>,
) -> Reply {
    let reply = unwound(pin!(end)).await.unwrap_or_else(|escape| {
        context.config.log.failure(ErrorCode::Panic, Some(provider), &escape);
        failed(context, provider, PageError::Callback)
    });
    reply.leading_cookies(spent)
}
