//! Session strategies: tokens in a cookie, or rows of a database.

use std::marker::PhantomData;

#[cfg(not(feature = "auth-js-v5"))]
use crate::rule::feature::{AuthJsV5, Features};
use crate::rule::never::{AbsoluteMaxAgeFits, MaxSizeFits, SigningKeyFits, UpdateAgeFits};
use crate::rule::once;
use crate::rule::slot::{Now, With, slots};
#[cfg(feature = "auth-js-v5")]
use crate::session::SessionFormats;
use crate::session::{SessionCodec, SessionLifetime, SigningKey};
use crate::setting;

/// Sessions as tokens in a cookie, encrypted unless told otherwise: nothing is stored, nothing can
/// be revoked.
///
/// ```
/// use typegate::Jwt;
///
/// let one_week = Jwt::default().max_age(7 * 24 * 60 * 60);
/// ```
///
/// A function that returns one converts it: `fn strategy() -> Jwt { Jwt::default().max_age(60).into() }`.
#[derive(Clone, Debug)]
pub struct Jwt<T = JwtSlots> {
    pub(crate) maximum_age: i64,
    pub(crate) codec: SessionCodec,
    types: PhantomData<fn() -> T>,
}

slots! {
    /// What has been told to a [`Jwt`].
    pub struct JwtSlots: JwtTold for Jwt<> {
        max_age,
        absolute_max_age,
        max_size,
        signing_key,
        auth_js_v5,
    }
}

/// Sessions as rows of the adapter: they can be listed and ended from the server.
///
/// ```
/// use typegate::Database;
///
/// let strategy = Database::default().max_age(7 * 24 * 60 * 60).update_age(60 * 60);
/// ```
///
/// A function that returns one converts it, as with [`Jwt`].
#[derive(Clone, Copy, Debug)]
pub struct Database<T = DatabaseSlots> {
    pub(crate) maximum_age: i64,
    pub(crate) update_age: i64,
    types: PhantomData<fn() -> T>,
}

slots! {
    /// What has been told to a [`Database`].
    pub struct DatabaseSlots: DatabaseTold for Database<> { max_age, update_age }
}

/// v4's default, in seconds.
const MAXIMUM_AGE: i64 = 30 * 24 * 60 * 60;
/// v4's default, in seconds.
const UPDATE_AGE: i64 = 24 * 60 * 60;

impl Default for Jwt {
    fn default() -> Self {
        Self { maximum_age: MAXIMUM_AGE, codec: SessionCodec::default(), types: PhantomData }
    }
}

#[typegate_macros::__unquoted]
impl<T: JwtTold> Jwt<T> {
    /// After how many seconds without use a session ends; 30 days by default.
    #[must_use]
    pub fn max_age(mut self, seconds: u32) -> Jwt<With<T, setting::max_age>>
    where
        Now<T, setting::max_age>: once::max_age,
    {
        self.maximum_age = i64::from(seconds);
        self.retyped()
    }

    /// After how many seconds a session ends however busy it is; without this it goes on for as
    /// long as it is used.
    ///
    /// The token says when somebody signed in, in the claim `session_started_at`, which the `jwt`
    /// callback can read and not change. Where the limit is new, sessions that are there count from
    /// the last time their token was written, so nobody is signed out by it.
    ///
    /// It is an option of sessions in cookies: the tables of NextAuth's adapters have no column for
    /// the beginning of a session.
    ///
    /// ```
    /// use typegate::Jwt;
    ///
    /// let an_hour_unused_a_day_at_most = Jwt::default().max_age(60 * 60).absolute_max_age(24 * 60 * 60);
    /// ```
    #[must_use]
    pub fn absolute_max_age(mut self, seconds: u32) -> Jwt<With<T, setting::absolute_max_age>>
    where
        Now<T, setting::absolute_max_age>: once::absolute_max_age,
    {
        self.codec.lifetime = SessionLifetime::seconds(seconds);
        self.retyped()
    }

    /// How many bytes a session may have in its cookies; 15,732 by default, which is four cookies.
    ///
    /// What is in a session comes with every request of its browser, and the servers on the way
    /// take only so much: Node.js refuses headers beyond 16 KiB, nginx and Apache a line beyond
    /// 8 KiB, unless they are told otherwise. A session that is written and does not come through
    /// locks its owner out of the whole site, so a longer one is refused: a sign-in fails with
    /// [`SESSION_TOO_LARGE_ERROR`](crate::ErrorCode::SessionTooLarge), and a session that the `jwt`
    /// callback lets grow stays as it was. Both log lines name the largest members, and so does a
    /// warning from the second cookie on.
    ///
    /// Raise it where every server on the way is yours. From 1,024 up to what is put together
    /// again, 32 cookies, some 123 KiB; anything else is a [`ConfigError`](crate::ConfigError) of
    /// `build()`. Database sessions have no such limit: their cookie is a name.
    ///
    /// ```
    /// use typegate::Jwt;
    ///
    /// let no_more_than_nginx_takes = Jwt::default().max_size(7_500);
    /// ```
    #[must_use]
    pub fn max_size(mut self, bytes: u32) -> Jwt<With<T, setting::max_size>>
    where
        Now<T, setting::max_size>: once::max_size,
    {
        self.codec.maximum_size = Some(bytes);
        self.retyped()
    }

    /// Signs session tokens instead of encrypting them, so that other services can verify them
    /// themselves.
    ///
    /// **Everybody who holds a signed token can read it**: the visitor, and whoever sees the
    /// cookie. Put nothing into the claims that the visitor must not know. State, nonce and PKCE
    /// cookies stay encrypted with the secret.
    ///
    /// A token of another algorithm than the key's is refused, whatever its header says. Sessions
    /// that were encrypted before are over.
    ///
    /// ```
    /// use typegate::{Jwt, SigningAlgorithm, SigningKey};
    ///
    /// // From a file or the environment; `typegate newkey` makes one.
    /// let jwk = SigningKey::generate_jwk(SigningAlgorithm::Hs512)?;
    /// let strategy = Jwt::default().signed(SigningKey::from_jwk(&jwk)?);
    /// # Ok::<(), typegate::ConfigError>(())
    /// ```
    #[must_use]
    pub fn signed(mut self, key: SigningKey) -> Jwt<With<T, setting::signing_key>>
    where
        Now<T, setting::signing_key>: once::signing_key,
    {
        self.codec.signing_key = Some(key);
        self.retyped()
    }

    /// Verifies tokens of a key that was in use before and signs none with it any more. May be
    /// called several times; without [`signed`](Self::signed) it is a `ConfigError` of `build()`.
    #[must_use]
    pub fn previous_signing_key(mut self, key: SigningKey) -> Self {
        self.codec.previous_signing_keys.push(key);
        self
    }

    /// Reads the session cookie of Auth.js v5 as well, so that nobody is signed out by a move from
    /// there. The first `GET session` replaces it by NextAuth v4's, which is the one written. If
    /// both cookies are good, v4's counts.
    ///
    /// Its name is `authjs.session-token`, with `__Secure-` in front as for v4's; domain, path and
    /// `SameSite` are those of the session cookie. The secret must be the one v5 has in
    /// `AUTH_SECRET`.
    ///
    /// ```
    /// use http::HeaderMap;
    /// use typegate::provider::catalog::GitHub;
    /// use typegate::{Auth, ClientSecret, Jwt, Secret};
    ///
    /// let auth = Auth::builder()
    ///     .secret(Secret::new("n7x1Uo4yQmD1Ci2kQ2jR9mVh3yq0o5nUeH3d7dQ0tqk=")?)
    ///     .url("https://app.example.com".parse()?)
    ///     .provider(GitHub::new("client id", ClientSecret::new("client secret")))
    ///     .session(Jwt::default().accept_auth_js_v5())
    ///     .build()?;
    ///
    /// // With a token that @auth/core 0.34.3 made:
    /// # let token = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2Q0JDLUhTNTEyIiwia2lkIjoiUy1jTUkxdnpCMTZnTlBXUkdvSG1M\
    /// #     YzE2TG9QQ2pmZHNxajV4OHdSZWlmSnpBcTNQUnozakNnM0VSTlNhTmRCWlI3dUYxT01Na3FXX2w1UEhJSkNY\
    /// #     VUEifQ..Yj6KlYmUoyJQxrfzg12f-g.VWyrlUQQIPsyZhAbZoFP4bo_nrkciyMHPuiBUIye1Pf4i-o86Dn50\
    /// #     vUkztC_EAHBNR5AwvsJRaDiB1y9mdRrXMKSiJ_35HVV139v9NDnyNKzWIf99yXtpwe0-jlplng3FN91dMEKo\
    /// #     UFm4eASX4GnKA.tpbm3WXN-eshTotTueO7hClZ6CjTnjTqyiEGljhxPUM";
    /// let cookie = format!("__Secure-authjs.session-token={token}");
    /// let headers = HeaderMap::from_iter([(http::header::COOKIE, cookie.parse().unwrap())]);
    /// assert_eq!(auth.claims(&headers).unwrap().subject(), Some("2"));
    /// # Ok::<(), typegate::ConfigError>(())
    /// ```
    #[cfg(feature = "auth-js-v5")]
    #[cfg_attr(docsrs, doc(cfg(feature = "auth-js-v5")))]
    #[must_use]
    pub fn accept_auth_js_v5(mut self) -> Jwt<With<T, setting::auth_js_v5>>
    where
        Now<T, setting::auth_js_v5>: once::auth_js_v5,
    {
        self.codec.formats = SessionFormats::FromAuthJsV5;
        self.retyped()
    }

    /// Writes the session cookie of Auth.js v5 in the place of NextAuth v4's, and reads both: for
    /// a site that moves to v5, or that shares its sessions with one.
    ///
    /// Only the session is shared. CSRF token, check cookies and routes stay NextAuth v4's. If both
    /// cookies are good, v5's counts.
    #[cfg(feature = "auth-js-v5")]
    #[cfg_attr(docsrs, doc(cfg(feature = "auth-js-v5")))]
    #[must_use]
    pub fn issue_auth_js_v5(mut self) -> Jwt<With<T, setting::auth_js_v5>>
    where
        Now<T, setting::auth_js_v5>: once::auth_js_v5,
    {
        self.codec.formats = SessionFormats::ToAuthJsV5;
        self.retyped()
    }
}

#[cfg(not(feature = "auth-js-v5"))]
#[typegate_macros::__unquoted]
#[doc(hidden)]
impl<T> Jwt<T> {
    #[must_use]
    pub fn accept_auth_js_v5(self) -> Self
    where
        for<'a> Features<'a>: AuthJsV5,
    {
        self
    }

    #[must_use]
    pub fn issue_auth_js_v5(self) -> Self
    where
        for<'a> Features<'a>: AuthJsV5,
    {
        self
    }
}

#[typegate_macros::__unquoted]
#[doc(hidden)]
impl<T> Jwt<T> {
    #[must_use]
    pub fn update_age(self, _: u32) -> Self
    where
        Self: UpdateAgeFits,
    {
        Self::never()
    }
}

#[typegate_macros::__unquoted]
#[doc(hidden)]
impl<T> Database<T> {
    #[must_use]
    pub fn absolute_max_age(self, _: u32) -> Self
    where
        Self: AbsoluteMaxAgeFits,
    {
        Self::never()
    }

    #[must_use]
    pub fn max_size(self, _: u32) -> Self
    where
        Self: MaxSizeFits,
    {
        Self::never()
    }

    #[must_use]
    pub fn signed(self, _: SigningKey) -> Self
    where
        Self: SigningKeyFits,
    {
        Self::never()
    }

    #[must_use]
    pub fn previous_signing_key(self, _: SigningKey) -> Self
    where
        Self: SigningKeyFits,
    {
        Self::never()
    }
}

impl Default for Database {
    fn default() -> Self {
        Self { maximum_age: MAXIMUM_AGE, update_age: UPDATE_AGE, types: PhantomData }
    }
}

#[typegate_macros::__unquoted]
impl<T: DatabaseTold> Database<T> {
    /// After how many seconds without use a session ends; 30 days by default.
    #[must_use]
    pub fn max_age(mut self, seconds: u32) -> Database<With<T, setting::max_age>>
    where
        Now<T, setting::max_age>: once::max_age,
    {
        self.maximum_age = i64::from(seconds);
        self.retyped()
    }

    /// After how many seconds a read moves the end of a session; a day by default, 0 for every
    /// read.
    #[must_use]
    pub fn update_age(mut self, seconds: u32) -> Database<With<T, setting::update_age>>
    where
        Now<T, setting::update_age>: once::update_age,
    {
        self.update_age = i64::from(seconds);
        self.retyped()
    }
}

impl<T> Jwt<T> {
    /// The strategy as the engine has it.
    pub(crate) fn retyped<U>(self) -> Jwt<U> {
        Jwt { maximum_age: self.maximum_age, codec: self.codec, types: PhantomData }
    }
}

impl<T> Database<T> {
    /// The strategy as the engine has it.
    pub(crate) fn retyped<U>(self) -> Database<U> {
        let Self { maximum_age, update_age, .. } = self;
        Database { maximum_age, update_age, types: PhantomData }
    }
}
