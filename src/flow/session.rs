//! The session actions, `GET session` and `POST session`, and the same read for the application's
//! own code.

use std::sync::Arc;

use http::StatusCode;
use jiff::Timestamp;
use serde_json::Value;

use super::Context;
use super::event::fire;
use super::session_body::{SessionBody, TokenBody};
use crate::adapter::ErasedSessionStore;
use crate::config::{Config, Database, Sessions};
use crate::error::{AdapterError, CallbackError, CallbackFailure, ErrorCode};
use crate::hooks::{
    SessionRead, SessionRequest, SessionSource, TokenRefresher, TokenRequest, Trigger,
};
use crate::jose::Claims;
use crate::jose::TokenRefused;
use crate::model::{DefaultSession, SessionUser};
use crate::runtime::clock::{after, iso_milliseconds};
use crate::runtime::metric;
use crate::session::{CarriedSession, SealedSession, SessionCookies};
use crate::web::Reply;
use crate::web::cookie::{RequestCookies, SetCookie};

/// A valid session.
pub(crate) struct Current {
    /// What may be seen, unless the application's `session` callback failed. What its `jwt`
    /// callback changed before that has to be sent all the same.
    pub(crate) body: Result<SessionBody, CallbackError>,
    renewal: Renewal,
}

enum Renewal {
    /// The claims to be sealed again, whether the application changed them, and when the token that
    /// the browser has was made.
    Token { claims: Claims, changed: bool, issued_at: Option<i64> },
    /// The stored token, and whether its end was moved by this read.
    Stored { token: String, moved: bool },
}

/// How old a token may become while the application alone reads it, in seconds.
const RENEWAL_AGE: i64 = 24 * 60 * 60;

impl Renewal {
    /// Whether something is lost unless the browser gets this.
    fn is_needed(&self) -> bool {
        match self {
            Self::Token { changed, .. } => *changed,
            Self::Stored { moved, .. } => *moved,
        }
    }
}

impl Current {
    /// What may be seen, and the cookies that the answer needs where no browser client asks:
    /// whenever the application changed the claims, and to keep a visitor signed in once a day, or
    /// more often if sessions live shorter. None if they are not due.
    pub(crate) fn with_due_cookies(
        self,
        config: &Config,
        session: &SessionCookies,
        cookies: RequestCookies<'_>,
        now: Timestamp,
    ) -> (Result<SessionBody, CallbackError>, Vec<SetCookie>) {
        let maximum_age = config.session_maximum_age();
        let is_old = match &self.renewal {
            Renewal::Stored { .. } => false,
            Renewal::Token { issued_at, .. } => issued_at.is_none_or(|issued_at| {
                now.as_second().saturating_sub(issued_at) >= RENEWAL_AGE.min(maximum_age / 2)
            }),
        };
        if !is_old && !self.renewal.is_needed() {
            return (self.body, Vec::new());
        }
        (self.body, renewed(config, session, self.renewal, cookies, now))
    }
}

/// What to do about changed claims that reach no browser.
const CHANGED_AND_NOT_SENT: &str = "the `jwt` callback changed the claims and there was no answer to send them with: write \
     `.layer(SessionLayer::new())` on the router, put a `Guard` in front, or read the session by \
     `Auth::session_and_cookies`";

/// Why there is no session although there is a cookie.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoSession {
    #[error(transparent)]
    Token(#[from] TokenRefused),
    #[error("the session is not in the database any more, or has expired")]
    Gone,
    #[error(transparent)]
    Callback(CallbackFailure),
    #[error("the session could not be read or written")]
    Adapter(#[from] AdapterError),
}

impl From<CallbackError> for NoSession {
    fn from(error: CallbackError) -> Self {
        Self::Callback(error.into())
    }
}

/// What was asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum SessionAction {
    /// `GET session`.
    Read,
    /// `POST session`.
    Update,
}

/// Which read this is.
pub(crate) enum Read {
    /// A browser looks at its session, and the answer carries its cookie.
    Browser,
    /// A browser called `update`, perhaps with data.
    Update(Option<Value>),
    /// The application looks at a session, and its answer carries the cookie.
    Application,
    /// The application does, and has no answer to put a cookie into: nothing is done that a
    /// browser would have to hear of.
    WithoutAnswer,
}

impl Read {
    fn is_by_browser(&self) -> bool {
        matches!(self, Self::Browser | Self::Update(_))
    }

    fn has_answer(&self) -> bool {
        !matches!(self, Self::WithoutAnswer)
    }

    /// Why the callbacks are called, and the data of an update.
    fn into_trigger(self) -> (Trigger, Option<Value>) {
        match self {
            Self::Update(data) => (Trigger::Update, data),
            Self::Browser | Self::Application | Self::WithoutAnswer => (Trigger::Read, None),
        }
    }
}

/// Answers with the session, or `{}`: whatever is wrong, v4's client is told "signed out" with
/// the status 200.
///
/// The cookie is deleted if the token or the row is no good. It is kept if the database or a
/// callback of the application failed: the session may be good.
pub(crate) async fn session(context: &Context<'_>, action: SessionAction) -> Reply {
    let (config, cookies) = (context.config, context.request.cookies());
    let read = match action {
        SessionAction::Read => Read::Browser,
        SessionAction::Update if context.verified().is_some() => {
            Read::Update(context.request.body.value("data").cloned())
        }
        // v4 does: the one failed CSRF check that is no redirect.
        SessionAction::Update => {
            return Reply::json(b"{}".to_vec()).status(StatusCode::BAD_REQUEST);
        }
    };
    let session = &context.kit.session;
    let Some(carried) = session.read(cookies) else {
        return Reply::json(b"{}".to_vec());
    };
    let current = match current_session(config, session, carried, context.now, read).await {
        Ok(current) => current,
        Err(error) => {
            log_no_session(config, &error);
            let signed_out = Reply::json(b"{}".to_vec());
            return match error {
                NoSession::Token(_) | NoSession::Gone => {
                    signed_out.cookies(session.write(cookies, None))
                }
                NoSession::Callback(_) | NoSession::Adapter(_) => signed_out,
            };
        }
    };
    let body = match current.body.and_then(SessionBody::into_json) {
        Ok(body) => body,
        Err(error) => {
            log_no_session(config, &error.into());
            let signed_out = Reply::json(b"{}".to_vec());
            // v4 does: a stored session's cookie is not sent here; the next read sends it.
            return match current.renewal {
                changed @ Renewal::Token { changed: true, .. } => {
                    signed_out.cookies(renewed(config, session, changed, cookies, context.now))
                }
                _ => signed_out,
            };
        }
    };
    Reply::json(body).cookies(renewed(config, session, current.renewal, cookies, context.now))
}

/// The cookies of a session that goes on; none if they cannot be made.
fn renewed(
    config: &Config,
    session: &SessionCookies,
    renewal: Renewal,
    cookies: RequestCookies<'_>,
    now: Timestamp,
) -> Vec<SetCookie> {
    let maximum_age = config.session_maximum_age();
    let sealed = match renewal {
        Renewal::Stored { token, .. } => {
            Ok(SealedSession { text: token, expires: after(now, maximum_age) })
        }
        Renewal::Token { claims, .. } => session.seal(&config.log, claims, now, maximum_age),
    };
    match sealed {
        Ok(sealed) => session.write(cookies, Some(sealed)),
        Err(error) => {
            session.log_kept(&config.log, &error, now);
            Vec::new()
        }
    }
}

/// The reason, under the strategy's code, for operators who ask. That a database session has ended
/// is not a failure.
pub(crate) fn log_no_session(config: &Config, error: &NoSession) {
    match (&config.sessions, error) {
        (_, NoSession::Gone) => {}
        (_, NoSession::Token(error)) => config.log.failure(ErrorCode::JwtSession, None, error),
        (Sessions::Jwt(_), error) => config.log.failure(ErrorCode::JwtSession, None, error),
        (Sessions::Database(..), error) => config.log.failure(ErrorCode::Session, None, error),
    }
}

/// Reads a session: token or row, `jwt` callback, `session` callback, `session` event.
pub(crate) async fn current_session(
    config: &Arc<Config>,
    cookies: &SessionCookies,
    carried: CarriedSession<'_>,
    now: Timestamp,
    read: Read,
) -> Result<Current, NoSession> {
    let session = read_session(config, cookies, carried, now, read).await;
    metric::session_read(session.is_ok());
    session
}

async fn read_session(
    config: &Arc<Config>,
    cookies: &SessionCookies,
    carried: CarriedSession<'_>,
    now: Timestamp,
    read: Read,
) -> Result<Current, NoSession> {
    let strategy = match &config.sessions {
        Sessions::Jwt(strategy) => strategy,
        // Boxed, as are the callbacks below: a token about which nobody is asked, which is what
        // most requests bring, is read without the room that these need.
        Sessions::Database(strategy, store) => {
            return Box::pin(stored_session(config, strategy, store, carried, now, read)).await;
        }
    };
    let decoded = cookies.open(carried, now)?;
    let expires = iso_milliseconds(cookies.end(&decoded, now, strategy.maximum_age));
    let issued_at = decoded.get("iat");
    // v4 does: the session's user is made before the `jwt` callback runs.
    let default = TokenBody::from_claims(&decoded, &expires);
    if let Some(member) = default.unusable() {
        config.log.note_once(ErrorCode::SessionMember, member);
    }
    let usual = match (read.is_by_browser(), &config.events.session) {
        (true, _) => SessionBody::Json(default.to_json()),
        // It is told what a browser would be shown, of whatever type the members are.
        (false, Some(_)) => SessionBody::Value(default.to_value()),
        (false, None) => SessionBody::Default(default.to_session()),
    };
    let has_answer = read.has_answer();
    let callbacks = &config.callbacks;
    let (body, claims, changed) = if callbacks.jwt.is_none() && callbacks.session.is_none() {
        (Ok(usual), decoded, false)
    } else {
        let shown = default.to_session();
        Box::pin(asked_about_token(config, cookies, decoded, shown, usual, read)).await?
    };
    if changed && !has_answer {
        config.log.note_once(ErrorCode::SessionCookieNotSent, CHANGED_AND_NOT_SENT);
    }
    tell(config, body.as_ref().ok(), Some(&claims)).await;
    Ok(Current { body, renewal: Renewal::Token { claims, changed, issued_at } })
}

/// What the application's callbacks make of a token: the body, the claims, and whether they were
/// changed.
async fn asked_about_token(
    config: &Arc<Config>,
    cookies: &SessionCookies,
    decoded: Claims,
    shown: DefaultSession,
    usual: SessionBody,
    read: Read,
) -> Result<(Result<SessionBody, CallbackError>, Claims, bool), CallbackError> {
    let has_answer = read.has_answer();
    let (trigger, update) = read.into_trigger();
    let (claims, changed) = match &config.callbacks.jwt {
        Some(jwt) => {
            let (data, before) = (update.clone(), decoded.clone());
            let refresher = has_answer.then(|| TokenRefresher::new(Arc::clone(config) as _));
            let request = token_request(decoded, trigger, data, refresher);
            let started = cookies.started(&before);
            let claims = SessionCookies::go_on(started, jwt(request).await?);
            let changed = says_something_else(&before, &claims);
            (claims, changed)
        }
        None => (decoded, false),
    };
    let body = match &config.callbacks.session {
        Some(session) => {
            let source = SessionSource::Token(claims.clone());
            let request = SessionRequest { session: shown, source, trigger, update };
            session(request).await.map(SessionBody::Value)
        }
        None => Ok(usual),
    };
    Ok((body, claims, changed))
}

async fn stored_session(
    config: &Config,
    strategy: &Database,
    store: &Arc<dyn ErasedSessionStore>,
    carried: CarriedSession<'_>,
    now: Timestamp,
    read: Read,
) -> Result<Current, NoSession> {
    let has_answer = read.has_answer();
    let (trigger, update) = read.into_trigger();
    let stored = carried.stored(&**store, now).await?;
    for expired in &stored.expired {
        match store.delete_session(expired).await {
            Err(error) if stored.current.is_some() => {
                config.log.failure(ErrorCode::AdapterDeleteSession, None, &error);
            }
            answer => drop(answer?),
        }
    }
    let (key, session, user) = stored.current.ok_or(NoSession::Gone)?;
    let due = after(session.expires, strategy.update_age - strategy.maximum_age);
    // Extended only where the cookie can be, too. A database that takes no writes for a while signs
    // nobody out, where v4 answers `{}`; what it said is in the log.
    let mut moved = due <= now && has_answer;
    if moved && let Err(error) = store.update_session(&key, after(now, strategy.maximum_age)).await
    {
        config.log.failure(ErrorCode::AdapterUpdateSession, None, &error);
        moved = false;
    }
    // v4 does: the body shows the stored expiry, the cookie gets the new one.
    let expires = iso_milliseconds(session.expires);
    let session = DefaultSession { user: SessionUser::from(&user), expires };
    let body = match &config.callbacks.session {
        None => Ok(SessionBody::Default(session)),
        Some(callback) => {
            let source = SessionSource::User(user);
            let request = SessionRequest { session, source, trigger, update };
            callback(request).await.map(SessionBody::Value)
        }
    };
    tell(config, body.as_ref().ok(), None).await;
    Ok(Current { body, renewal: Renewal::Stored { token: key.expose().to_owned(), moved } })
}

/// Whether the application changed what a token says. The times and the id of a token are new
/// whenever it is sealed.
fn says_something_else(before: &Claims, after: &Claims) -> bool {
    let own = |claims: &'_ Claims| {
        let sealed = ["iat", "exp", "jti"].map(|name| claims.as_object().contains_key(name));
        claims.as_object().len() - sealed.into_iter().filter(|sealed| *sealed).count()
    };
    own(before) != own(after)
        || after.as_object().iter().any(|(name, value)| {
            !matches!(name.as_str(), "iat" | "exp" | "jti")
                && before.as_object().get(name) != Some(value)
        })
}

fn token_request(
    token: Claims,
    trigger: Trigger,
    update: Option<Value>,
    refresher: Option<TokenRefresher>,
) -> TokenRequest {
    TokenRequest {
        token,
        trigger,
        user: None,
        account: None,
        raw_profile: None,
        is_new_user: None,
        update,
        refresher,
    }
}

async fn tell(config: &Config, body: Option<&SessionBody>, claims: Option<&Claims>) {
    let Some(body) = body else { return };
    let event = || SessionRead {
        session: body.to_value(),
        token: claims.map(|claims| claims.as_object().clone()),
    };
    fire(config, config.events.session.as_deref(), event, ErrorCode::SessionEvent).await;
}
