//! `GET session` and `POST session`, and the same read for code of the application.

use http::StatusCode;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::Context;
use super::event::fire;
use crate::clock::{after, iso_milliseconds};
use crate::config::{CarriedSession, Config, SealError, SealedSession, SessionCookies, Sessions};
use crate::cookie::{RequestCookies, SetCookie};
use crate::error::{AdapterError, CallbackError, ErrorCode};
use crate::hooks::{SessionRead, SessionRequest, SessionSource, TokenRequest, Trigger};
use crate::jwt::{Claims, TokenRefused};
use crate::message::Reply;
use crate::model::{DefaultSession, SessionUser, SessionUserMembers};

/// A session that was found good.
pub(crate) struct Current {
    /// The JSON that a browser may see.
    pub(crate) body: Vec<u8>,
    renewal: Renewal,
}

enum Renewal {
    /// The claims to be sealed again.
    Token(Claims),
    /// The stored token, and whether its end was moved by this read.
    Stored { token: String, moved: bool },
}

/// How old a token may become while the application alone reads it, in seconds.
const RENEWAL_AGE: i64 = 24 * 60 * 60;

impl Current {
    /// The cookies that keep a visitor signed in where no browser client asks: once a day,
    /// or more often if sessions live shorter. Empty if they are not due.
    pub(crate) fn due_cookies(
        self,
        config: &Config,
        session: &SessionCookies,
        cookies: RequestCookies<'_>,
        now: Timestamp,
    ) -> Vec<SetCookie> {
        let maximum_age = config.session_maximum_age();
        let is_due = match &self.renewal {
            Renewal::Stored { moved, .. } => *moved,
            Renewal::Token(claims) => claims.get("iat").is_none_or(|issued_at: i64| {
                now.as_second().saturating_sub(issued_at) >= RENEWAL_AGE.min(maximum_age / 2)
            }),
        };
        if !is_due {
            return Vec::new();
        }
        match renewed(config, session, self.renewal, now) {
            Ok(renewed) => session.write(cookies, Some((&renewed.text, renewed.expires))),
            Err(error) => {
                session.log_kept(&config.log, &error, now);
                Vec::new()
            }
        }
    }
}

/// Why there is no session although there is a cookie.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoSession {
    #[error(transparent)]
    Token(#[from] TokenRefused),
    #[error("the session is not in the database any more, or has expired")]
    Gone,
    #[error(transparent)]
    Callback(#[from] CallbackError),
    #[error("the session could not be read or written")]
    Adapter(#[from] AdapterError),
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
    /// A session is looked at.
    Plain,
    /// The client called `update`, perhaps with data.
    Update(Option<Value>),
}

/// Answers with the session, or `{}`: whatever is wrong, v4's client is told "signed out" with
/// the status 200.
///
/// The cookie is deleted if the token or the row is no good. It is kept if the database or a
/// callback of the application failed: the session may be good.
pub(crate) async fn session(context: &Context<'_>, action: SessionAction) -> Reply {
    let (config, cookies) = (context.config, context.request.cookies());
    let read = match action {
        SessionAction::Read => Read::Plain,
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
    match renewed(config, session, current.renewal, context.now) {
        Ok(renewed) => {
            let renewed = session.write(cookies, Some((&renewed.text, renewed.expires)));
            Reply::json(current.body).cookies(renewed)
        }
        Err(error) => {
            session.log_kept(&config.log, &error, context.now);
            Reply::json(current.body)
        }
    }
}

fn renewed(
    config: &Config,
    session: &SessionCookies,
    renewal: Renewal,
    now: Timestamp,
) -> Result<SealedSession, SealError> {
    let maximum_age = config.session_maximum_age();
    match renewal {
        Renewal::Stored { token, .. } => {
            Ok(SealedSession { text: token, expires: after(now, maximum_age) })
        }
        Renewal::Token(claims) => session.seal(&config.log, claims, now, maximum_age),
    }
}

/// What an operator asks about: the reason, under the strategy's code. That a database session is
/// over is no failure.
pub(crate) fn log_no_session(config: &Config, error: &NoSession) {
    match (&config.sessions, error) {
        (_, NoSession::Gone) => {}
        (Sessions::Jwt(_), error) => config.log.failure(ErrorCode::JwtSession, None, error),
        (Sessions::Database(..), error) => config.log.failure(ErrorCode::Session, None, error),
    }
}

/// Reads a session: token or row, `jwt` callback, `session` callback, `session` event.
pub(crate) async fn current_session(
    config: &Config,
    cookies: &SessionCookies,
    carried: CarriedSession<'_>,
    now: Timestamp,
    read: Read,
) -> Result<Current, NoSession> {
    let (trigger, update) = match read {
        Read::Plain => (Trigger::Read, None),
        Read::Update(data) => (Trigger::Update, data),
    };
    match &config.sessions {
        Sessions::Jwt(strategy) => {
            let decoded = cookies.open(carried, now)?;
            let expires = iso_milliseconds(cookies.end(&decoded, now, strategy.maximum_age));
            // v4 does: the session's user is made before the `jwt` callback runs.
            let default = TokenBody::from_claims(&decoded, &expires);
            let (body, claims) = match (&config.callbacks.jwt, &config.callbacks.session) {
                (None, None) => (default.to_json(), decoded),
                (jwt, session) => {
                    let shown = default.to_session();
                    let json = default.to_json();
                    let claims = match jwt {
                        Some(jwt) => {
                            let data = update.clone();
                            let started = cookies.started(&decoded);
                            let claims = jwt(token_request(decoded, trigger, data)).await?;
                            SessionCookies::go_on(started, claims)
                        }
                        None => decoded,
                    };
                    let body = match session {
                        Some(session) => {
                            let source = SessionSource::Token(claims.clone());
                            let request =
                                SessionRequest { session: shown, source, trigger, update };
                            to_bytes(&session(request).await?)?
                        }
                        None => json,
                    };
                    (body, claims)
                }
            };
            tell(config, &body, Some(&claims)).await;
            Ok(Current { body, renewal: Renewal::Token(claims) })
        }
        Sessions::Database(strategy, store) => {
            let stored = carried.stored(&**store, now).await?;
            for expired in &stored.expired {
                store.delete_session(expired).await?;
            }
            let (key, session, user) = stored.current.ok_or(NoSession::Gone)?;
            let due = after(session.expires, strategy.update_age - strategy.maximum_age);
            let moved = due <= now;
            if moved {
                store.update_session(&key, after(now, strategy.maximum_age)).await?;
            }
            // v4 does: the body shows the stored expiry, the cookie gets the new one.
            let expires = iso_milliseconds(session.expires);
            let session = DefaultSession { user: SessionUser::from(&user), expires };
            let body = match &config.callbacks.session {
                None => to_bytes(&session)?,
                Some(callback) => {
                    let source = SessionSource::User(user);
                    let request = SessionRequest { session, source, trigger, update };
                    to_bytes(&callback(request).await?)?
                }
            };
            tell(config, &body, None).await;
            Ok(Current { body, renewal: Renewal::Stored { token: key.expose().to_owned(), moved } })
        }
    }
}

fn token_request(token: Claims, trigger: Trigger, update: Option<Value>) -> TokenRequest {
    TokenRequest {
        token,
        trigger,
        user: None,
        account: None,
        raw_profile: None,
        is_new_user: None,
        update,
    }
}

async fn tell(config: &Config, body: &[u8], claims: Option<&Claims>) {
    let event = || SessionRead {
        session: serde_json::from_slice(body).unwrap_or_default(),
        token: claims.map(|claims| claims.as_object().clone()),
    };
    fire(config, config.events.session.as_deref(), event, ErrorCode::SessionEvent).await;
}

fn to_bytes(body: &impl Serialize) -> Result<Vec<u8>, CallbackError> {
    serde_json::to_vec(body).map_err(CallbackError::new)
}

/// The body without a `session` callback, borrowed from the claims: a member that is absent there
/// is absent here, null stays null.
#[derive(Serialize)]
struct TokenBody<'a> {
    user: DefaultUser<'a>,
    expires: &'a str,
}

#[derive(Serialize)]
struct DefaultUser<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a Value>,
}

impl<'a> TokenBody<'a> {
    fn from_claims(claims: &'a Claims, expires: &'a str) -> Self {
        let member = |name| claims.as_object().get(name);
        let user =
            DefaultUser { name: member("name"), email: member("email"), image: member("picture") };
        Self { user, expires }
    }

    fn to_json(&self) -> Vec<u8> {
        // Text and JSON values always serialise.
        serde_json::to_vec(self).unwrap_or_else(|_| b"{}".to_vec())
    }

    fn to_session(&self) -> DefaultSession {
        let member = |value: Option<&Value>| match value {
            Some(Value::Null) => Some(None),
            Some(Value::String(text)) => Some(Some(text.clone())),
            _ => None,
        };
        let user = SessionUser::from(SessionUserMembers {
            name: member(self.user.name),
            email: member(self.user.email),
            image: member(self.user.image),
        });
        DefaultSession { user, expires: self.expires.to_owned() }
    }
}
