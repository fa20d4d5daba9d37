//! [`Auth`], the finished configuration, and what an application asks of it.

pub(crate) mod account_tokens;
#[cfg(feature = "oauth2")]
pub(crate) mod oauth2_client;
pub(crate) mod session_control;
pub(crate) mod set_cookies;
#[cfg(not(feature = "oauth2"))]
mod without_oauth2;

use std::borrow::Cow;
use std::pin::pin;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{HeaderMap, Request, Response, StatusCode};
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use tracing::Instrument as _;

use self::set_cookies::SetCookies;
use crate::config::builder::AuthBuilder;
use crate::config::slot::AtCompileTime;
use crate::config::{Auth, Config, Sessions};
use crate::error::{Error, ErrorCode};
use crate::flow::{NoSession, Read, current_session, log_no_session, refresh_tokens, route};
use crate::jose::Claims;
use crate::model::TokenSet;
use crate::runtime::containment::unwound;
use crate::runtime::span;
use crate::web::Reply;
use crate::web::cookie::{RequestCookies, SetCookie, has_good_encoding};
use crate::web::location::SafeLocation;

impl Auth {
    /// Starts a configuration. See [`AuthBuilder`] for the decisions.
    pub fn builder() -> AuthBuilder<AtCompileTime> {
        AuthBuilder::start()
    }

    /// Starts a configuration that is checked when the program runs: by the same rules, all of them at
    /// [`build`](AuthBuilder::build), which returns what [`builder`](Self::builder) refuses to compile.
    ///
    /// The builder is an [`AuthBuilder`], which functions can take and return, and a condition or a loop can
    /// change. Only a `session` callback with a type of one's own makes another type of it,
    /// `AuthBuilder<AtRunTime<AppSession>>`.
    ///
    /// ```
    /// use typegate::adapter::MemoryAdapter;
    /// use typegate::builder::AuthBuilder;
    /// use typegate::provider::Email;
    /// use typegate::provider::catalog::GitHub;
    /// use typegate::{Auth, ConfigError, ErrorCode, Secret};
    ///
    /// fn base() -> Result<AuthBuilder, ConfigError> {
    ///     Ok(Auth::builder_at_run_time()
    ///         .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
    ///         .url("https://app.example.com".parse()?)
    ///         .provider(GitHub::new("client id", "client secret".into())))
    /// }
    ///
    /// fn configure(has_database: bool, has_mail: bool) -> Result<Auth, ConfigError> {
    ///     let mut builder = base()?;
    ///     if has_database {
    ///         builder = builder.adapter(MemoryAdapter::new());
    ///     }
    ///     if has_mail {
    ///         builder = builder.provider(Email::new(|_message| async { Ok(()) }));
    ///     }
    ///     builder.build()
    /// }
    ///
    /// assert!(configure(true, true).is_ok() && configure(false, false).is_ok());
    /// let error = configure(false, true).unwrap_err();
    /// assert_eq!(error.code(), Some(ErrorCode::EmailRequiresAdapter));
    /// # Ok::<(), ConfigError>(())
    /// ```
    pub fn builder_at_run_time() -> AuthBuilder {
        AuthBuilder::start_at_run_time()
    }
}

impl<D> Auth<D> {
    /// The path under which the auth routes answer, such as `/api/auth`.
    #[must_use]
    pub fn base_path(&self) -> &str {
        self.config.site.mount().served()
    }

    /// The same path as the browser has it, for links: that differs if the site's address was told
    /// [`SiteUrl::mounted_at`](crate::SiteUrl::mounted_at).
    #[must_use]
    pub fn browser_base_path(&self) -> &str {
        self.config.site.mount().browser()
    }

    /// The paths of the application's own pages that somebody without a session is sent to, as requests
    /// have them.
    pub(crate) fn pages_without_session(&self) -> impl Iterator<Item = String> {
        let pages = &self.config.pages;
        let there = [&pages.sign_in, &pages.error, &pages.verify_request];
        there.into_iter().flatten().filter_map(|page| page.path_on(self.config.site.fixed()))
    }

    /// What something in front removes from all paths.
    pub(crate) fn mounted_at(&self) -> &str {
        self.config.site.mount().prefix()
    }

    /// Answers one request to the auth routes. Paths outside are 404.
    ///
    /// The body must have been read; [`Auth::service`](Self::service) and
    /// [`handle_streamed`](Self::handle_streamed) do that with a limit.
    pub async fn handle(&self, request: Request<Bytes>) -> Response<Bytes> {
        let (parts, body) = request.into_parts();
        self.handle_parts(&parts, &body).await
    }

    pub(crate) async fn handle_parts(&self, parts: &Parts, body: &[u8]) -> Response<Bytes> {
        // The functions of the application's that are awaited do not get here with a panic; those
        // that are called, and those of an adapter, may.
        let handled = pin!(route::handle(&self.config, parts, body));
        let contained = async {
            match unwound(handled).await {
                Ok(response) => response,
                Err(escape) => {
                    self.config.log.failure(ErrorCode::Panic, None, &escape);
                    let status = StatusCode::INTERNAL_SERVER_ERROR;
                    Reply::text("Internal Server Error").status(status).into_response(false)
                }
            }
        };
        let span = span::request(|| route::named(&self.config, parts));
        let mut contained = pin!(contained.instrument(span));
        let response = contained.as_mut().await;
        span::answered(contained.span(), response.status());
        response
    }

    /// The claims of whoever sent this request, as NextAuth's `getToken` gives them: from the
    /// session cookie, or else, for callers without cookies, from `Authorization: Bearer` and the
    /// token, percent-encoded.
    ///
    /// No callback runs and nothing is refreshed. A cookie that is no good is `None` even if the
    /// header is good, and so is a malformed header. Sessions in the database have no claims, so
    /// there it is always `None`: use [`session`](Self::session).
    ///
    /// ```
    /// use http::HeaderMap;
    /// use http::header::AUTHORIZATION;
    /// use typegate::provider::catalog::GitHub;
    /// use typegate::{Auth, ClientSecret, Secret};
    ///
    /// let auth = Auth::builder()
    ///     .secret(Secret::new("n7x1Uo4yQmD1Ci2kQ2jR9mVh3yq0o5nUeH3d7dQ0tqk=")?)
    ///     .url("https://app.example.com".parse()?)
    ///     .provider(GitHub::new("client id", ClientSecret::new("client secret")))
    ///     .build()?;
    ///
    /// // With a token that next-auth 4.24.15 made:
    /// # let token = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..ElFu9QtVbmtMz4YD.93LfxBbCbFgIx17gXgoOjANWwJ\
    /// #     axI4Oc97ScXovGGD1hkbN2VB-5Zp-G6rUOOnLwAk676-sxV-M9a8G7THhUDhRP_RRfs1sv248fIskZBdRQ4D\
    /// #     qT8OkOeYXH_a5ikM4JEpZyrjy1vHInVEsET8rD5aoE5_mF1b2ZlGHjHwluMCPsbJH3GP715Dj7IAerqqDF9f\
    /// #     1NuPMf7c0_qR6PfSD_SvzzIc2PjR0vnHxGCdw1_32WTcoPcu1x4Yqaj7-IRXVdw18MX9CJB_I.DMeFZdDiEq\
    /// #     VKQkBzuyU0_Q";
    /// let bearer = |token: &str| format!("Bearer {token}").parse().unwrap();
    /// let claims = auth.claims(&HeaderMap::from_iter([(AUTHORIZATION, bearer(token))]));
    /// assert_eq!(claims.unwrap().subject(), Some("user-2"));
    /// assert!(auth.claims(&HeaderMap::from_iter([(AUTHORIZATION, bearer("%"))])).is_none());
    /// # Ok::<(), typegate::ConfigError>(())
    /// ```
    #[must_use]
    pub fn claims(&self, headers: &HeaderMap) -> Option<Claims> {
        let config = &*self.config;
        let Sessions::Jwt(_) = config.sessions else { return None };
        let session = &config.site.kit(headers).session;
        let now = config.clock.now();
        if let Some(carried) = session.read(RequestCookies::new(headers)) {
            return session.open(carried, now).ok();
        }
        session.open_token(&bearer_token(headers)?, now).ok()
    }

    /// New tokens for those that a provider gave, by their refresh token (RFC 6749 section 6): the
    /// same set with the new members in their places. An ID token among them was validated, and
    /// is about the same person.
    ///
    /// Store what comes back before using it: the old refresh token may be worthless from then on.
    /// Callers with the same refresh token within a minute share one request and its outcome. With
    /// an adapter, [`AccountTokens`](crate::AccountTokens) does both. In a `jwt` callback use the
    /// request's [`refresher`](crate::hooks::TokenRequest::refresher), which knows whether what
    /// comes back can be kept.
    ///
    /// # Errors
    ///
    /// [`Error`] if there is no refresh token, or if the provider refuses or does not answer.
    pub async fn refresh_tokens(
        &self,
        provider: &str,
        tokens: &TokenSet,
    ) -> Result<TokenSet, Error> {
        Ok(refresh_tokens(&self.config, provider, tokens).await?)
    }

    /// The address of the sign-in page that leads back to `path_and_query`, to which any visitor
    /// may be sent: leading slashes are collapsed to one, and what is no path is the root, so that
    /// it stays on this site.
    #[must_use]
    pub fn sign_in_address(&self, path_and_query: &str) -> String {
        self.sign_in_location(path_and_query).uri().to_owned()
    }

    pub(crate) fn sign_in_location(&self, path_and_query: &str) -> SafeLocation {
        let way_back = SafeLocation::of_way_back(path_and_query);
        SafeLocation::of_way_back(&format!("{}/signin", self.browser_base_path()))
            .with_parameter("callbackUrl", way_back.text())
    }
}

impl<D: DeserializeOwned + 'static> Auth<D> {
    /// Who sent this request? `Ok(None)` is somebody who is not signed in.
    ///
    /// For code that sends no answer of its own: what a browser would have to be told is not done.
    /// The callbacks run, but a `jwt` callback gets no
    /// [`refresher`](crate::hooks::TokenRequest::refresher), and what it changes counts for this
    /// call only; a session in the database is not extended. Code that answers a request calls
    /// [`session_and_cookies`](Self::session_and_cookies), or stands behind a
    /// [`Guard`](crate::serve::guard::Guard) or a [`SessionLayer`](crate::SessionLayer).
    ///
    /// # Errors
    ///
    /// [`Error`] if the database does not answer, a callback of the application fails, or the
    /// session is not a `D`. It never means "signed in".
    pub async fn session(&self, headers: &HeaderMap) -> Result<Option<D>, Error> {
        self.read(headers, Read::WithoutAnswer).await.0
    }

    /// The session as [`session`](Self::session) gives it, and the cookies that the answer has to
    /// carry: the claims that a `jwt` callback changed, such as refreshed tokens, and once a day
    /// what keeps a session in use alive. Mostly there are none.
    ///
    /// Send them with whatever the answer is, also if the session is an error or if there is none.
    /// For frameworks other than axum; there a [`SessionLayer`](crate::SessionLayer) does it.
    ///
    /// ```
    /// use http::{HeaderMap, Response};
    /// use typegate::provider::catalog::GitHub;
    /// use typegate::{Auth, ClientSecret, Secret};
    ///
    /// # async fn test() -> Result<(), typegate::BoxError> {
    /// let auth = Auth::builder()
    ///     .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
    ///     .url("https://app.example.com".parse()?)
    ///     .provider(GitHub::new("client id", ClientSecret::new("client secret")))
    ///     .build()?;
    /// # let request_headers = HeaderMap::new();
    /// let (session, cookies) = auth.session_and_cookies(&request_headers).await;
    /// let mut response = Response::new(match session {
    ///     Ok(Some(session)) => session.user.name.unwrap_or_default(),
    ///     Ok(None) => "nobody".into(),
    ///     Err(_) => "try again".into(),
    /// });
    /// cookies.append_to(response.headers_mut());
    /// assert_eq!(response.body(), "nobody");
    /// # Ok(())
    /// # }
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    /// # runtime.block_on(test()).unwrap();
    /// ```
    pub async fn session_and_cookies(
        &self,
        headers: &HeaderMap,
    ) -> (Result<Option<D>, Error>, SetCookies) {
        self.read(headers, Read::Application).await
    }

    async fn read(
        &self,
        headers: &HeaderMap,
        read: Read,
    ) -> (Result<Option<D>, Error>, SetCookies) {
        let (config, nothing) = (&self.config, SetCookies::default());
        let (names, cookies) = (&config.site.kit(headers).session, RequestCookies::new(headers));
        let Some(carried) = names.read(cookies) else { return (Ok(None), nothing) };
        let (now, answers) = (config.clock.now(), !matches!(read, Read::WithoutAnswer));
        match current_session(config, names, carried, now, read).await {
            Ok(current) => {
                let (body, due) = match answers {
                    true => current.with_due_cookies(config, names, cookies, now),
                    false => (current.body, Vec::new()),
                };
                let session = match body {
                    Ok(body) => body.into_data().map_err(Error::session_type),
                    Err(error) => no_session(config, error.into()),
                };
                (session, due.iter().filter_map(SetCookie::header_value).collect())
            }
            Err(error) => (no_session(config, error), nothing),
        }
    }
}

/// What the application is told where there is no session although there is a cookie.
fn no_session<D>(config: &Config, error: NoSession) -> Result<Option<D>, Error> {
    log_no_session(config, &error);
    match error {
        NoSession::Token(_) | NoSession::Gone => Ok(None),
        NoSession::Callback(error) => Err(error.into()),
        NoSession::Adapter(error) => Err(error.into()),
    }
}

/// The token of RFC 6750 section 2.1, if there is exactly one and its percent-encoding is good.
fn bearer_token(headers: &HeaderMap) -> Option<Cow<'_, str>> {
    let mut values = headers.get_all(AUTHORIZATION).into_iter();
    let (value, None) = (values.next()?, values.next()) else { return None };
    // v4 does: the scheme is compared to the letter.
    let token = value.to_str().ok()?.strip_prefix("Bearer ")?;
    if !has_good_encoding(token.as_bytes()) {
        return None;
    }
    percent_decode_str(token).decode_utf8().ok()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::Request;

    use crate::provider::catalog::GitHub;
    use crate::{Auth, Secret};

    /// A server allocates and moves it for every request. What only some requests need is boxed.
    #[test]
    fn the_future_of_a_request_is_small() {
        let auth = Auth::builder()
            .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA").unwrap())
            .url("http://localhost:3000".parse().unwrap())
            .provider(GitHub::new("client id", "client secret".into()))
            .build()
            .unwrap();
        let request = auth.handle(Request::new(Bytes::new()));
        assert!(size_of_val(&request) < 2_560, "{} bytes", size_of_val(&request));
    }
}
