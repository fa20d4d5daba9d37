//! The last attempt to sign in: what was typed, and why it failed, for the page that follows.
//!
//! v4's redirects carry a code and nothing else, and what a visitor typed belongs in no address: it
//! would stand in logs and histories. So it is kept for ten minutes in a sealed cookie of the
//! visitor's own browser. Only forms of the built-in pages set it, never a client that asks for
//! JSON, and a password is never in it. Without the cookie the pages say what v4 says.

use super::Context;
use crate::error::PageError;
use crate::jose::Claims;
use crate::runtime::clock::after;
use crate::web::Reply;
use crate::web::cookie::SetCookie;

/// In seconds.
const LIFETIME: i64 = 10 * 60;
/// In bytes. An address is shorter (RFC 5321 section 4.5.3.1.3).
const LONGEST_TEXT: usize = 256;

/// What is known of an attempt besides the code of its error.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    /// A link was sent.
    Sent,
    /// The rate limit refused.
    TooMany,
    /// The provider did not answer.
    Unreachable,
    /// The site or the provider failed.
    Failed,
}

impl Outcome {
    const ALL: [Self; 4] = [Self::Sent, Self::TooMany, Self::Unreachable, Self::Failed];

    fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::TooMany => "too many",
            Self::Unreachable => "unreachable",
            Self::Failed => "failed",
        }
    }
}

/// An attempt of this browser.
#[derive(Debug)]
pub(super) struct LastAttempt {
    /// The id of the provider.
    pub(super) provider: String,
    /// The address, or the name of the account.
    pub(super) typed: Option<String>,
    pub(super) outcome: Option<Outcome>,
    /// The language that was asked for before a provider was.
    pub(super) language: Option<String>,
}

/// The cookie for the page that follows.
pub(super) fn remember(
    context: &Context<'_>,
    provider: &str,
    typed: Option<&str>,
    outcome: Option<Outcome>,
) -> Option<SetCookie> {
    let typed = typed.filter(|text| !text.is_empty() && text.len() <= LONGEST_TEXT);
    if context.request.wants_json() || (typed.is_none() && outcome.is_none()) {
        return None;
    }
    let mut claims = Claims::default();
    claims.insert("provider", provider);
    if let Some(typed) = typed {
        claims.insert("typed", typed);
    }
    if let Some(outcome) = outcome {
        claims.insert("outcome", outcome.as_str());
    }
    sealed(context, claims)
}

fn sealed(context: &Context<'_>, claims: Claims) -> Option<SetCookie> {
    let (kit, now) = (context.kit, context.now);
    // Without it the page says less: no reason to fail.
    let sealed = kit.last_attempt_keys.seal(claims, now, LIFETIME).ok()?;
    let cookie = SetCookie::until(&kit.last_attempt, sealed.text, after(now, LIFETIME));
    cookie.is_kept().then_some(cookie)
}

/// The cookie for whoever comes back from a provider, whose answers carry no language.
pub(super) fn remember_language(context: &Context<'_>, provider: &str) -> Option<SetCookie> {
    let language = context.language.filter(|_| !context.request.wants_json())?.language;
    let mut claims = Claims::default();
    claims.insert("provider", provider);
    claims.insert("language", language);
    sealed(context, claims)
}

/// The redirect to the error page after a failure that is none of the visitor's.
pub(super) fn failed(context: &Context<'_>, provider: &str, error: PageError) -> Reply {
    let remembered = remember(context, provider, None, Some(Outcome::Failed));
    context.to_error(error).cookies(remembered)
}

/// What the browser remembers. Of several cookies of the name the first that opens counts: a host
/// beside this one may have set another.
pub(super) fn recall(context: &Context<'_>) -> Option<LastAttempt> {
    let kit = context.kit;
    let mut cookies = context.request.cookies().values(&kit.last_attempt.name);
    cookies.find_map(|cookie| {
        let claims = kit.last_attempt_keys.open(&cookie, context.now).ok()?;
        let outcome = claims.get::<String>("outcome");
        let is_it = |known: &Outcome| Some(known.as_str()) == outcome.as_deref();
        let outcome = Outcome::ALL.into_iter().find(is_it);
        let (typed, language) = (claims.get("typed"), claims.get("language"));
        Some(LastAttempt { provider: claims.get("provider")?, typed, outcome, language })
    })
}

/// The deletion of the cookie, if the browser has it.
pub(super) fn forget(context: &Context<'_>) -> Option<SetCookie> {
    let policy = &context.kit.last_attempt;
    context.request.cookies().value(&policy.name)?;
    Some(SetCookie::deletion(policy))
}
