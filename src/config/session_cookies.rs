//! Under which names, and in which formats, does a browser carry its session?
//!
//! One cookie is written. A second one may be read as well, and goes away at the next write.

use jiff::Timestamp;

use super::strategy::{SessionCodec, SessionFormats};
use crate::cookie::{
    CookieSet, Cookies, RequestCookies, ResolvedCookie, SetCookie, read_session, write_session,
};
use crate::crypto::random::RandomError;
use crate::error::ConfigError;
use crate::jwt::{Claims, SealedToken, SealingKeys, SessionKeys, SigningKeys, TokenRefused};
use crate::log::{Step, step};
use crate::secret::Secret;

/// The session's cookies on one site.
#[derive(Debug)]
pub(crate) struct SessionCookies {
    written: SessionCookie,
    read_as_well: Option<SessionCookie>,
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
        match codec.formats {
            SessionFormats::NextAuthV4 => Ok(Self { written: next_auth, read_as_well: None }),
            #[cfg(feature = "auth-js-v5")]
            SessionFormats::FromAuthJsV5 => {
                let auth_js = SessionCookie::of_auth_js(&next_auth, cookies, https, secrets)?;
                Ok(Self { written: next_auth, read_as_well: Some(auth_js) })
            }
            #[cfg(feature = "auth-js-v5")]
            SessionFormats::ToAuthJsV5 => {
                let auth_js = SessionCookie::of_auth_js(&next_auth, cookies, https, secrets)?;
                Ok(Self { written: auth_js, read_as_well: Some(next_auth) })
            }
        }
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
            Some(cookie) => cookie.keys.open(token, now),
            None => Err(TokenRefused::Malformed),
        };
        if !carried.is_written {
            return open_other(&carried.token);
        }
        self.written.keys.open(&carried.token, now).or_else(|refused| match &carried.other {
            Some(token) => open_other(token).map_err(|_| refused),
            None => Err(refused),
        })
    }

    /// The claims of a token that came in no cookie, whichever its format is.
    pub(crate) fn open_token(&self, token: &str, now: Timestamp) -> Result<Claims, TokenRefused> {
        self.written.keys.open(token, now).or_else(|refused| match &self.read_as_well {
            Some(cookie) => cookie.keys.open(token, now),
            None => Err(refused),
        })
    }

    pub(crate) fn seal(
        &self,
        claims: Claims,
        now: Timestamp,
        maximum_age: i64,
    ) -> Result<SealedToken, RandomError> {
        self.written.keys.seal(claims, now, maximum_age)
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
    fn of_auth_js(
        next_auth: &Self,
        cookies: &Cookies,
        https: bool,
        secrets: &[Secret],
    ) -> Result<Self, ConfigError> {
        let policy = ResolvedCookie::of_auth_js(cookies, https)?;
        if policy.name == next_auth.policy.name {
            return Err(ConfigError::new(format!(
                "the session cookie is named `{}`, which is where the session of Auth.js v5 is \
                 read: give it another name",
                policy.name
            )));
        }
        let keys = SessionKeys::AuthJsV5(crate::jwt::AuthJsKeys::derive(secrets, &policy.name));
        Ok(Self { policy, keys })
    }
}
