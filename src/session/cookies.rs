//! The session cookies: the names and formats under which a browser carries a session.
//!
//! One cookie is written. During a migration a second one is read too, and deleted at the next write.

use std::borrow::Cow;

use jiff::Timestamp;

use super::codec::{SessionCodec, SessionFormats};
use super::lifetime::SessionLifetime;
use super::size::{SealError, SessionSize};
use crate::adapter::ErasedSessionStore;
use crate::crypto::secret::{Secret, SessionToken};
use crate::error::{AdapterError, ConfigError, ConfigErrors};
use crate::jose::Claims;
use crate::jose::{SealingKeys, TokenRefused};
use crate::log::{Log, Step, step};
use crate::model::{SessionRecord, User};
use crate::session::{SessionKeys, SigningKeys};
use crate::web::cookie::{
    CookieSet, Cookies, MAXIMUM_PIECES, RequestCookies, ResolvedCookie, SetCookie, has_session,
    session_candidates, write_session,
};
use crate::web::site::SiteUrl;

/// The session's cookies on one site.
#[derive(Debug)]
pub(crate) struct SessionCookies {
    written: SessionCookie,
    read_as_well: Option<SessionCookie>,
    lifetime: SessionLifetime,
    size: SessionSize,
}

/// The text of a session's cookie, and when it ends.
pub(crate) struct SealedSession {
    pub(crate) text: String,
    pub(crate) expires: Timestamp,
}

#[derive(Debug)]
struct SessionCookie {
    policy: ResolvedCookie,
    keys: SessionKeys,
}

/// What a request brought as its session, not looked at yet.
#[derive(Clone, Copy)]
pub(crate) struct CarriedSession<'a> {
    cookies: RequestCookies<'a>,
    read_by: &'a SessionCookies,
}

/// What a database knows of a carried session.
#[derive(Default)]
pub(crate) struct StoredSession {
    /// The first that has not ended, and the text that names it.
    pub(crate) current: Option<(SessionToken, SessionRecord, User)>,
    /// Those before it that have.
    pub(crate) expired: Vec<SessionToken>,
}

impl<'a> CarriedSession<'a> {
    fn candidates(self) -> impl Iterator<Item = (&'a SessionCookie, Cow<'a, str>)> {
        let read_by = self.read_by;
        std::iter::once(&read_by.written).chain(&read_by.read_as_well).flat_map(move |cookie| {
            let texts = session_candidates(self.cookies, &cookie.policy.name);
            texts.map(move |text| (cookie, text))
        })
    }

    /// The texts that may name a stored session, in the order in which they are tried.
    pub(crate) fn tokens(self) -> impl Iterator<Item = SessionToken> {
        // Over an await this is smaller than the candidates themselves, of which there is one.
        (0..).map_while(move |index| Some(SessionToken::new(self.candidates().nth(index)?.1)))
    }

    /// Looks the texts up, one after the other, until one names a session that has not ended.
    pub(crate) async fn stored(
        self,
        store: &dyn ErasedSessionStore,
        now: Timestamp,
    ) -> Result<StoredSession, AdapterError> {
        let mut stored = StoredSession::default();
        for token in self.tokens() {
            match store.session_and_user(&token).await? {
                Some((session, _)) if session.expires < now => stored.expired.push(token),
                Some((session, user)) => {
                    stored.current = Some((token, session, user));
                    break;
                }
                None => {}
            }
        }
        Ok(stored)
    }
}

impl SessionCookies {
    #[cfg_attr(
        not(feature = "auth-js-v5"),
        expect(unused_variables, reason = "the second cookie's attributes are those of the first")
    )]
    pub(crate) fn resolve(
        set: &CookieSet,
        cookies: &Cookies,
        https: bool,
        secrets: &[Secret],
        codec: &SessionCodec,
    ) -> Result<Self, ConfigError> {
        let mut refused = ConfigErrors::default();
        let next_auth = SessionCookie {
            policy: set.session_token.clone(),
            keys: match (&codec.signing_key, codec.previous_signing_keys.as_slice()) {
                (Some(key), previous) => SessionKeys::Signed(SigningKeys::new(key, previous)),
                (None, previous) => {
                    if !previous.is_empty() {
                        refused.extend([ConfigError::new(
                            "a previous signing key has no effect where session tokens are \
                             encrypted: write Jwt::default().signed(key), or leave it out",
                        )]);
                    }
                    SessionKeys::NextAuthV4(SealingKeys::derive(secrets, ""))
                }
            },
        };
        let (written, read_as_well) = match codec.formats {
            SessionFormats::NextAuthV4 => (next_auth, None),
            #[cfg(feature = "auth-js-v5")]
            SessionFormats::FromAuthJsV5 => {
                let auth_js = SessionCookie::of_auth_js(cookies, https, secrets);
                (next_auth, Some(auth_js))
            }
            #[cfg(feature = "auth-js-v5")]
            SessionFormats::ToAuthJsV5 => {
                let auth_js = SessionCookie::of_auth_js(cookies, https, secrets);
                (auth_js, Some(next_auth))
            }
        };
        let long = written.policy.chunk_length;
        let size = SessionSize::resolve(codec.maximum_size, long, MAXIMUM_PIECES * long);
        let Some(size) = refused.keep(size) else { return Err(refused.into_error()) };
        refused.or(Self { written, read_as_well, lifetime: codec.lifetime, size })
    }

    /// The session that a request carries. What is only half there is one too, so that it is
    /// cleared.
    pub(crate) fn read<'a>(&'a self, cookies: RequestCookies<'a>) -> Option<CarriedSession<'a>> {
        let has_any = |cookie: &SessionCookie| has_session(cookies, &cookie.policy.name);
        (has_any(&self.written) || self.read_as_well.as_ref().is_some_and(has_any))
            .then_some(CarriedSession { cookies, read_by: self })
    }

    /// The claims of the first text that opens: of the cookie that is written, or else of the
    /// other. While a site moves, one of them may be left over from before.
    pub(crate) fn open(
        &self,
        carried: CarriedSession<'_>,
        now: Timestamp,
    ) -> Result<Claims, TokenRefused> {
        let mut refused = None;
        for (cookie, text) in carried.candidates() {
            match self.open_by(cookie, &text, now) {
                Ok(claims) => return Ok(claims),
                // What is wrong with the first says most.
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        Err(refused.unwrap_or(TokenRefused::Incomplete))
    }

    /// The claims of a token that came in no cookie, whichever its format is.
    pub(crate) fn open_token(&self, token: &str, now: Timestamp) -> Result<Claims, TokenRefused> {
        self.open_by(&self.written, token, now).or_else(|refused| match &self.read_as_well {
            Some(cookie) => self.open_by(cookie, token, now),
            None => Err(refused),
        })
    }

    fn open_by(
        &self,
        cookie: &SessionCookie,
        token: &str,
        now: Timestamp,
    ) -> Result<Claims, TokenRefused> {
        self.lifetime.checked(cookie.keys.open(token, now)?, now)
    }

    /// The token of a session that begins.
    pub(crate) fn begin(
        &self,
        log: &Log,
        mut claims: Claims,
        now: Timestamp,
        maximum_age: i64,
    ) -> Result<SealedSession, SealError> {
        self.lifetime.begin(&mut claims, now);
        self.seal(log, claims, now, maximum_age)
    }

    /// When a session with these claims began, if its lifetime is limited.
    pub(crate) fn started(&self, claims: &Claims) -> Option<i64> {
        self.lifetime.started(claims)
    }

    /// What the application made of the claims of a session that began then.
    pub(crate) fn go_on(started: Option<i64>, mut claims: Claims) -> Claims {
        SessionLifetime::go_on(started, &mut claims);
        claims
    }

    /// When a session with these claims ends if it is not used again.
    pub(crate) fn end(&self, claims: &Claims, now: Timestamp, maximum_age: i64) -> Timestamp {
        self.lifetime.end(claims, now, maximum_age)
    }

    /// The token of a session that goes on. One that would not come back is refused.
    pub(crate) fn seal(
        &self,
        log: &Log,
        mut claims: Claims,
        now: Timestamp,
        maximum_age: i64,
    ) -> Result<SealedSession, SealError> {
        let expires = self.end(&claims, now, maximum_age);
        let age = expires.as_second().saturating_sub(now.as_second());
        let text = self.written.keys.seal(&mut claims, now, age)?.text;
        self.size.check(log, &text, &claims, now)?;
        Ok(SealedSession { text, expires })
    }

    /// Tells that a session was not sealed again, so that the browser keeps the cookie it has.
    pub(crate) fn log_kept(&self, log: &Log, error: &SealError, now: Timestamp) {
        self.size.log_kept(log, error, now);
    }

    /// The cookies that put a session in the place of the one the request has, under whatever name
    /// it has it.
    pub(crate) fn write(
        &self,
        cookies: RequestCookies<'_>,
        sealed: Option<SealedSession>,
    ) -> Vec<SetCookie> {
        let value = sealed.map(|sealed| (sealed.text, sealed.expires));
        if let Some((text, _)) = &value
            && text.len() > self.written.policy.chunk_length
        {
            step(Step::ChunkingSessionCookie, None, || format!("{} bytes", text.len()));
        }
        let mut lines = write_session(cookies, &self.written.policy, value);
        if let Some(cookie) = &self.read_as_well {
            lines.extend(write_session(cookies, &cookie.policy, None));
        }
        lines
    }
}

impl SessionCookies {
    /// The deletions for somebody who signs out. A request with several cookies of a name has some
    /// that were set for another domain: they would be the session as soon as ours is gone, so they
    /// are deleted for every domain that this host can set cookies for.
    pub(crate) fn clear(&self, cookies: RequestCookies<'_>, site: &SiteUrl) -> Vec<SetCookie> {
        let mut lines = self.write(cookies, None);
        let is_repeated = |line: &&SetCookie| {
            let name = line.name().as_bytes();
            cookies.iter().filter(|(sent, _)| *sent == name).nth(1).is_some()
        };
        let repeated = lines.iter().filter(is_repeated);
        let others: Vec<_> = repeated.flat_map(|line| line.for_other_domains(site)).collect();
        lines.extend(others);
        lines
    }
}

#[cfg(feature = "auth-js-v5")]
impl SessionCookie {
    fn of_auth_js(cookies: &Cookies, https: bool, secrets: &[Secret]) -> Self {
        let policy = ResolvedCookie::of_auth_js(cookies, https);
        let keys = SessionKeys::AuthJsV5(crate::session::AuthJsKeys::derive(secrets, &policy.name));
        Self { policy, keys }
    }
}
