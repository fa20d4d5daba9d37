//! The browser comes back: to which attempt does it belong, and what if it was here before?

use super::super::Context;
use super::attempt_key::AttemptKey;
use super::check_cookie::CheckCookies;
use crate::config::Sessions;
use crate::crypto::hash::equal;
use crate::error::{ErrorCode, PageError};
use crate::oauth::{Check, OAuthDefinition};
use crate::runtime::containment::unwound;
use crate::web::Reply;
use crate::web::cookie::SetCookie;

/// The attempt that a callback is of.
pub(super) struct Returning<'a> {
    pub(super) check_cookies: CheckCookies<'a>,
    /// The deletions of its cookies, and of no other attempt's.
    pub(super) spent: Vec<SetCookie>,
    /// Whether the browser has cookies of it.
    pub(super) is_known: bool,
}

impl<'a> Returning<'a> {
    /// Looks for the attempt with that state: first under its own names, then, for a sign-in that
    /// began at a Node server, under v4's. Where nothing of the callback tells attempts apart there
    /// is one at a time.
    pub(super) fn new(
        context: &'a Context<'a>,
        definition: &'a OAuthDefinition,
        state: Option<&str>,
    ) -> Self {
        let (id, mode) = (definition.common.id.as_str(), definition.response_mode);
        let of = |attempt| CheckCookies::new(context, id, mode, attempt);
        let all = |check_cookies: CheckCookies<'a>, is_known| {
            let spent = check_cookies.deletions(definition.checks());
            Self { check_cookies, spent, is_known }
        };
        let v4 = of(None);
        if !definition.has(Check::State) {
            let is_known = definition.checks().is_empty() || v4.are_sent();
            return all(v4, is_known);
        }
        let Some(state) = state else {
            return Self { check_cookies: v4, spent: Vec::new(), is_known: false };
        };
        let own = of(Some(AttemptKey::of(state)));
        if own.are_sent() {
            return all(own, true);
        }
        let sealed = v4.open(Check::State);
        if sealed.is_ok_and(|sealed| equal(sealed.value.as_bytes(), state.as_bytes())) {
            return all(v4, true);
        }
        Self { check_cookies: v4, spent: own.deletions(definition.checks()), is_known: false }
    }
}

/// The reply for a callback that brings an answer which was used before, by the back button or a
/// reload, to somebody who is signed in: on to where the first one went. Nobody is signed in or
/// linked by it and nothing is asked of the provider, so a foreign link gains no more than one to
/// the callback URL itself.
pub(crate) async fn goes_on(context: &Context<'_>, provider: &str) -> Option<Reply> {
    if !has_live_session(context).await {
        return None;
    }
    context.config.log.success("came back from the provider once more", Some(provider));
    Some(Reply::redirect(context.callback_url.clone()))
}

/// Nothing is renewed and nothing is told of: the session is not read for anybody.
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

/// The reply at the end of a callback, which spends the attempt however it ends: a panic of the
/// application's code leaves no check cookie that is good once more.
pub(crate) async fn contained_end(
    context: &Context<'_>,
    provider: &str,
    spent: Vec<SetCookie>,
    end: impl Future<Output = Reply>,
) -> Reply {
    let reply = unwound(end).await.unwrap_or_else(|escape| {
        context.config.log.failure(ErrorCode::Panic, Some(provider), &escape);
        context.to_error(PageError::Callback)
    });
    reply.leading_cookies(spent)
}
