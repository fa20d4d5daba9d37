//! The sign-out: `POST signout`.
//!
//! In this order: CSRF token; session cookie; end of the session; the provider's address if it is
//! to be told; `signOut` event; deletion of the cookies; redirect. It completes whatever fails on
//! the way. A copied token stays valid until it expires: only database sessions can be revoked.

use super::Context;
use super::event::fire;
use super::rp_initiated_logout::{end_session_location, forget};
use crate::adapter::ErasedSessionStore;
use crate::config::Sessions;
use crate::error::{AdapterError, ErrorCode};
use crate::hooks::SignedOut;
use crate::model::SessionRecord;
use crate::runtime::metric;
use crate::session::CarriedSession;
use crate::web::Reply;

pub(crate) async fn sign_out(context: &Context<'_>) -> Reply {
    if context.verified().is_none() {
        return context.to_route("signout?csrf=true");
    }
    let (config, cookies) = (context.config, context.request.cookies());
    let session = &context.kit.session;
    let mut location = None;
    if let Some(carried) = session.read(cookies) {
        let ended = match &config.sessions {
            Sessions::Jwt(_) => match session.open(carried, context.now) {
                Ok(claims) => Some(SignedOut::Token(claims)),
                Err(error) => {
                    config.log.failure(ErrorCode::SignOut, None, &error);
                    None
                }
            },
            Sessions::Database(_, store) => match end_stored(&**store, carried).await {
                Ok(session) => Some(SignedOut::Session(session)),
                Err(error) => {
                    config.log.failure(ErrorCode::SignOut, None, &error);
                    None
                }
            },
        };
        if let Some(ended) = ended {
            location = end_session_location(context, &ended).await;
            metric::signed_out();
            config.log.success("signed out", None);
            fire(config, config.events.sign_out.as_deref(), || ended, ErrorCode::SignOutEvent)
                .await;
        }
    }
    let location = location.unwrap_or_else(|| context.callback_url.clone());
    Reply::redirect(location).cookies(session.clear(cookies, context.site)).cookies(forget(context))
}

/// Whoever signs out is signed out, whichever of several cookies was the good one.
async fn end_stored(
    store: &dyn ErasedSessionStore,
    carried: CarriedSession<'_>,
) -> Result<Option<SessionRecord>, AdapterError> {
    let mut ended = None;
    for token in carried.tokens() {
        let session = store.delete_session(&token).await?;
        ended = ended.or(session);
    }
    Ok(ended)
}
