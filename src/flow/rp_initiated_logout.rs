//! RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0): where the application wants it,
//! whoever signs out here signs out at the identity provider too.
//!
//! What the provider needs to know is kept in a sealed cookie next to the session's, so it works
//! with every session strategy and without an adapter. The cookie belongs to one user, and expires
//! when an unused session of the same sign-in would.

use super::Context;
use super::oauth::note_remarks;
use crate::config::Provider;
use crate::error::ErrorCode;
use crate::hooks::SignedOut;
use crate::jose::Claims;
use crate::model::TokenSet;
use crate::runtime::clock::after;
use crate::web::cookie::SetCookie;
use crate::web::location::SafeLocation;

/// The cookie after a sign-in: set for a provider that is told of sign-outs, gone for others.
pub(super) fn remember(
    context: &Context<'_>,
    provider: &str,
    is_told: bool,
    user: &str,
    tokens: &TokenSet,
) -> Option<SetCookie> {
    let policy = &context.kit.provider_session;
    if !is_told {
        return forget(context);
    }
    let age = context.config.session_maximum_age();
    let seal = |id_token: Option<&str>| {
        let mut claims = Claims::default();
        claims.insert("provider", provider);
        claims.insert("user", user);
        if let Some(id_token) = id_token {
            claims.insert("id_token", id_token);
        }
        // Without the cookie a sign-out is a local one: no reason to refuse the sign-in.
        let sealed = context.kit.provider_session_keys.seal(claims, context.now, age).ok()?;
        (sealed.text.len() <= policy.chunk_length).then_some(sealed.text)
    };
    let value = seal(tokens.id_token()).or_else(|| seal(None))?;
    Some(SetCookie::until(policy, value, after(context.now, age)))
}

/// The deletion of the cookie, if the browser has it.
pub(super) fn forget(context: &Context<'_>) -> Option<SetCookie> {
    let policy = &context.kit.provider_session;
    context.request.cookies().value(&policy.name)?;
    Some(SetCookie::deletion(policy))
}

/// The address at which the browser of whoever signed out signs out of the provider.
pub(super) async fn end_session_location(
    context: &Context<'_>,
    ended: &SignedOut,
) -> Option<SafeLocation> {
    let user = match ended {
        SignedOut::Token(claims) => claims.subject()?,
        SignedOut::Session(session) => session.as_ref()?.user_id.as_str(),
    };
    let kit = context.kit;
    let cookies = context.request.cookies();
    let claims = cookies.values(&kit.provider_session.name).find_map(|cookie| {
        let claims = kit.provider_session_keys.open(&cookie, context.now).ok()?;
        (claims.get::<String>("user").as_deref() == Some(user)).then_some(claims)
    })?;
    let id = claims.get::<String>("provider")?;
    let Provider::OAuth(relying_party) = context.config.provider(&id)? else { return None };
    let target = relying_party.definition().post_logout_redirect_uri.as_ref()?;
    let hint = claims.get::<String>("id_token");
    let location = relying_party.end_session_url(hint.as_deref(), target).await;
    note_remarks(context.config, relying_party);
    match location {
        Ok(location) => Some(location),
        Err(error) => {
            // The session here has ended, whatever the provider says.
            context.config.log.failure(ErrorCode::SignOut, Some(&id), &error);
            None
        }
    }
}
