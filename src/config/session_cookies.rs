//! Under which names, and in which formats, does a browser carry its session?
//!
//! One cookie is written. A second one may be read as well, and goes away at the next write.

use jiff::Timestamp;

use super::session_lifetime::SessionLifetime;
use super::strategy::{SessionCodec, SessionFormats};
use crate::cookie::{
    CookieSet, Cookies, RequestCookies, ResolvedCookie, SetCookie, read_session, write_session,
};
use crate::crypto::random::RandomError;
use crate::error::ConfigError;
use crate::jwt::{Claims, SealingKeys, SessionKeys, SigningKeys, TokenRefused};
use crate::log::{Step, step};
use crate::secret::Secret;

/// The session's cookies on one site.
#[derive(Debug)]
pub(crate) struct SessionCookies {
    written: SessionCookie,
    read_as_well: Option<SessionCookie>,
    lifetime: SessionLifetime,
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
pub(crate) struct CarriedSession {
    token: String,
    /// Whether `token` comes from the cookie that is written.
    is_written: bool,
    /// What the other cookie says, if both came.
    other: Option<String>,
}

impl CarriedSession {
    /// The text that names a stored session.
    pub(crate) fn into_token(self) -> String {
        self.token
    }
}

impl SessionCookies {
    #[cfg_attr(
        not(feature = "auth-js-v5"),
        expect(unused_variables, reason = "the second cookie's attributes are those of the first")
    )]
    pub(super) fn resolve(
        set: &CookieSet,
        cookies: &Cookies,
        https: bool,
        secrets: &[Secret],
        codec: &SessionCodec,
    ) -> Result<Self, ConfigError> {
        let next_auth = SessionCookie {
            policy: set.session_token.clone(),
            keys: match (&codec.signing_key, codec.previous_signing_keys.as_slice()) {
                (Some(key), previous) => SessionKeys::Signed(SigningKeys::new(key, previous)),
                (None, []) => SessionKeys::NextAuthV4(SealingKeys::derive(secrets, "")),
                (None, _) => {
                    return Err(ConfigError::new(
                        "a previous signing key has no effect where session tokens are encrypted: \
                         write Jwt::default().signed(key), or leave it out",
                    ));
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
        Ok(Self { written, read_as_well, lifetime: codec.lifetime })
    }

    /// The session that a request carries.
    pub(crate) fn read(&self, cookies: RequestCookies<'_>) -> Option<CarriedSession> {
        let written = read_session(cookies, &self.written.policy.name);
        let cookie = self.read_as_well.as_ref();
        let other = cookie.and_then(|cookie| read_session(cookies, &cookie.policy.name));
        match (written, other) {
            (Some(token), other) => Some(CarriedSession { token, is_written: true, other }),
            (None, Some(token)) => Some(CarriedSession { token, is_written: false, other: None }),
            (None, None) => None,
        }
    }

    /// The claims of the cookie that is written, or else of the other: while a site moves, one of
    /// them may be left over from before.
    pub(crate) fn open(
        &self,
        carried: &CarriedSession,
        now: Timestamp,
    ) -> Result<Claims, TokenRefused> {
        let open_other = |token: &str| match &self.read_as_well {
            Some(cookie) => self.open_by(cookie, token, now),
            None => Err(TokenRefused::Malformed),
        };
        if !carried.is_written {
            return open_other(&carried.token);
        }
        self.open_by(&self.written, &carried.token, now).or_else(|refused| match &carried.other {
            Some(token) => open_other(token).map_err(|_| refused),
            None => Err(refused),
        })
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
        mut claims: Claims,
        now: Timestamp,
        maximum_age: i64,
    ) -> Result<SealedSession, RandomError> {
        self.lifetime.begin(&mut claims, now);
        self.seal(claims, now, maximum_age)
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

    pub(crate) fn seal(
        &self,
        claims: Claims,
        now: Timestamp,
        maximum_age: i64,
    ) -> Result<SealedSession, RandomError> {
        let expires = self.end(&claims, now, maximum_age);
        let age = expires.as_second().saturating_sub(now.as_second());
        Ok(SealedSession { text: self.written.keys.seal(claims, now, age)?.text, expires })
    }

    /// The cookies that put `value` in the place of the session the request has, under whatever
    /// name it has it.
    pub(crate) fn write(
        &self,
        cookies: RequestCookies<'_>,
        value: Option<(&str, Timestamp)>,
    ) -> Vec<SetCookie> {
        if let Some((value, _)) =
            value.filter(|(value, _)| value.len() > self.written.policy.chunk_length)
        {
            step(Step::ChunkingSessionCookie, None, || format!("{} bytes", value.len()));
        }
        let mut lines = write_session(cookies, &self.written.policy, value);
        if let Some(cookie) = &self.read_as_well {
            lines.extend(write_session(cookies, &cookie.policy, None));
        }
        lines
    }
}

#[cfg(feature = "auth-js-v5")]
impl SessionCookie {
    fn of_auth_js(cookies: &Cookies, https: bool, secrets: &[Secret]) -> Self {
        let policy = ResolvedCookie::of_auth_js(cookies, https);
        let keys = SessionKeys::AuthJsV5(crate::jwt::AuthJsKeys::derive(secrets, &policy.name));
        Self { policy, keys }
    }
}
