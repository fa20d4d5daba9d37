//! Attempts: the rate limit, asked and logged in one place.

use std::sync::atomic::{AtomicBool, Ordering};

use http::StatusCode;
use jiff::Timestamp;

use super::Context;
use super::last_attempt::Outcome;
use crate::adapter::has_address;
use crate::config::{Config, Sessions};
use crate::error::ErrorCode;
use crate::model::email_address::EmailAddress;
use crate::provider::CredentialsDefinition;
use crate::rate_limit::{Attempt, LimitedAction, Verdict, account_key};
use crate::runtime::metric;
use crate::web::client_address::Doubt;
use crate::web::{Reply, Request};

/// A refused attempt.
pub(crate) struct Limited {
    retry_after: Option<u32>,
    /// What its visitor may know of it.
    outcome: Option<Outcome>,
}

impl Limited {
    /// The answer to a failed attempt, made of what the page that follows knows of it, with the status
    /// 429 (RFC 6585 section 4).
    pub(crate) fn reply(self, answer: impl FnOnce(Option<Outcome>) -> Reply) -> Reply {
        answer(self.outcome).status(StatusCode::TOO_MANY_REQUESTS).retry_after(self.retry_after)
    }
}

/// Counts an attempt with credentials. The result is for [`signed_in`], should they be right.
pub(crate) async fn count_credentials(
    context: &Context<'_>,
    definition: &CredentialsDefinition,
) -> Result<Attempt, Limited> {
    let (config, request, id) = (context.config, context.request, &definition.id);
    let mut attempt = new_attempt(LimitedAction::Credentials, request, context.now, Some(id));
    if config.rate_limit.is_none() {
        return Ok(attempt);
    }
    let Ok(accounts) = definition.accounts(request.body.as_object()) else {
        config.log.note(ErrorCode::AccessDenied, Some(id), "the form names too many accounts");
        return Err(Limited { retry_after: None, outcome: None });
    };
    let named = accounts.into_iter().filter_map(|(field, name)| Some((field, account_key(&name)?)));
    attempt.name(named.collect());
    if attempt.accounts.is_empty() {
        let reason = "a form of credentials names no account, so tries are not counted by account: \
                      write `.account_field(\"..\")` with the name of its field, or in a file `fields` with \
                      that `key`";
        warn_once(config, &config.warned.no_account, Some(id), reason);
    }
    count(config, request, attempt).await
}

/// Counts a request for a link. Without an address it is counted for whoever asks. The result is
/// for [`not_made`], should no message leave.
pub(crate) async fn count_email_request(
    context: &Context<'_>,
    id: &str,
    address: Option<&EmailAddress>,
) -> Result<Attempt, Limited> {
    let (config, request) = (context.config, context.request);
    let mut attempt = new_attempt(LimitedAction::EmailRequest, request, context.now, Some(id));
    if config.rate_limit.is_none() {
        return Ok(attempt);
    }
    if let Some(address) = address {
        attempt.has_session = holds_session_of(context, address).await;
        attempt.write_to(address);
    }
    count(config, request, attempt).await
}

/// Counts a line for the log.
pub(crate) async fn count_log_line(
    config: &Config,
    request: &Request<'_>,
    now: Timestamp,
) -> Result<(), Limited> {
    let attempt = new_attempt(LimitedAction::LogLine, request, now, None);
    if attempt.client.is_none() {
        return Ok(());
    }
    decide(config, attempt).await.map(drop)
}

/// Whoever follows a link owns the mailbox.
pub(crate) async fn opened_link(context: &Context<'_>, id: &str, address: &EmailAddress) {
    let request = context.request;
    let mut attempt = new_attempt(LimitedAction::EmailRequest, request, context.now, Some(id));
    attempt.write_to(address);
    signed_in(context.config, attempt).await;
}

/// Tells the rate limit that whoever made the attempt is the owner.
pub(crate) async fn signed_in(config: &Config, attempt: Attempt) {
    let Some(limit) = &config.rate_limit else { return };
    let provider = attempt.provider.clone();
    if let Err(error) = (limit.signed_in)(attempt).await {
        config.log.failure(ErrorCode::RateLimitStore, provider.as_deref(), error.as_error());
    }
}

/// Tells the rate limit that an attempt came to nothing because something of the site's own failed,
/// and not by anything that was sent.
pub(crate) async fn not_made(config: &Config, attempt: Attempt) {
    let Some(limit) = &config.rate_limit else { return };
    let provider = attempt.provider.clone();
    if let Err(error) = (limit.not_made)(attempt).await {
        config.log.failure(ErrorCode::RateLimitStore, provider.as_deref(), error.as_error());
    }
}

fn new_attempt(
    action: LimitedAction,
    request: &Request<'_>,
    now: Timestamp,
    provider: Option<&str>,
) -> Attempt {
    let mut attempt = Attempt::new(action, request.origin.client, now);
    attempt.provider = provider.map(Into::into);
    attempt
}

/// The rule decides even if there is nobody to count the attempt for.
async fn count(
    config: &Config,
    request: &Request<'_>,
    attempt: Attempt,
) -> Result<Attempt, Limited> {
    if let Some(doubt) = request.origin.doubt {
        let said = match doubt {
            Doubt::NotAProxy => &config.warned.not_a_proxy,
            Doubt::NothingNamed => &config.warned.nothing_named,
            Doubt::NoConnection | Doubt::ProxyNotNamed => &config.warned.no_client,
        };
        if !said.load(Ordering::Relaxed) {
            let reason = config.client_address.reason(doubt, request.headers);
            warn_once(config, said, None, &reason);
        }
    }
    decide(config, attempt).await
}

async fn decide(config: &Config, attempt: Attempt) -> Result<Attempt, Limited> {
    let Some(limit) = &config.rate_limit else { return Ok(attempt) };
    let provider = attempt.provider.as_deref();
    match (limit.allow)(attempt.clone()).await {
        Ok(Verdict::Allowed) => Ok(attempt),
        Ok(Verdict::Refused(refusal)) => {
            metric::attempt_refused(provider);
            if let Some(warning) = refusal.warning {
                config.log.note(ErrorCode::RateLimit, provider, &warning);
            }
            let outcome = Some(Outcome::TooMany);
            Err(Limited { retry_after: refusal.retry_after, outcome })
        }
        Err(error) => {
            config.log.failure(ErrorCode::RateLimitStore, provider, error.as_error());
            Err(Limited { retry_after: None, outcome: Some(Outcome::Failed) })
        }
    }
}

/// Whether the browser is signed in as the user of that address, who has proved it. It is only
/// about who shares what with whom, so whatever is in doubt is no: a cookie shows the address that
/// it was made with, which somebody else may have proved since.
async fn holds_session_of(context: &Context<'_>, address: &EmailAddress) -> bool {
    let session = &context.kit.session;
    let Some(carried) = session.read(context.request.cookies()) else { return false };
    let user = match &context.config.sessions {
        Sessions::Jwt(_) => {
            let subject = session.open(carried, context.now).ok();
            let subject = subject.as_ref().and_then(|claims| claims.subject());
            let (Some(subject), Some(users)) = (subject, &context.config.users) else {
                return false;
            };
            users.user(subject).await.ok().flatten()
        }
        Sessions::Database(_, store) => {
            let stored = carried.stored(&**store, context.now).await.ok();
            stored.and_then(|stored| stored.current).map(|(_, _, user)| user)
        }
    };
    user.is_some_and(|user| user.email_verified.is_some() && has_address(&user, address))
}

fn warn_once(config: &Config, said: &AtomicBool, provider: Option<&str>, reason: &str) {
    if !said.swap(true, Ordering::Relaxed) {
        config.log.note(ErrorCode::RateLimitIncomplete, provider, reason);
    }
}
