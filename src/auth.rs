//! What an application does with its finished configuration.

use std::borrow::Cow;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;

use crate::config::builder::AuthBuilder;
use crate::config::{Auth, Sessions};
use crate::containment::unwound;
use crate::cookie::{RequestCookies, SetCookie, has_good_encoding};
use crate::error::{Error, ErrorCode};
use crate::flow::{NoSession, Read, current_session, log_no_session, refresh_tokens};
use crate::jwt::Claims;
use crate::location::SafeLocation;
use crate::message::Reply;
use crate::model::TokenSet;
use crate::route;

impl Auth {
    /// Starts a configuration. See [`AuthBuilder`] for the decisions.
    pub fn builder() -> AuthBuilder {
        AuthBuilder::start()
    }
}

impl<D> Auth<D> {
    /// The path under which the auth routes answer, such as `/api/auth`.
    #[must_use]
    pub fn base_path(&self) -> &str {
        self.config.site.path()
    }

    /// Answers one request to the auth routes. Paths outside are 404.
    ///
    /// The body must have been read; [`Auth::service`](Self::service) does that with a limit.
    pub async fn handle(&self, request: Request<Bytes>) -> Response<Bytes> {
        let (parts, body) = request.into_parts();
        self.handle_parts(&parts, &body).await
    }

    pub(crate) async fn handle_parts(&self, parts: &Parts, body: &[u8]) -> Response<Bytes> {
        // The functions of the application's that are awaited do not get here with a panic; those
        // that are called, and those of an adapter, may.
        match unwound(route::handle(&self.config, parts, body)).await {
            Ok(response) => response,
            Err(escape) => {
                self.config.log.failure(ErrorCode::Panic, None, &escape);
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                Reply::text("Internal Server Error").status(status).into_response(false)
            }
        }
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
    /// use typegate::provider::GitHub;
    /// use typegate::{Auth, Secret};
    ///
    /// let auth = Auth::builder()
    ///     .secret(Secret::new("n7x1Uo4yQmD1Ci2kQ2jR9mVh3yq0o5nUeH3d7dQ0tqk=")?)
    ///     .url("https://app.example.com".parse()?)
    ///     .provider(GitHub::new("client id", "client secret"))
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
        let session = &config.site.of_request(headers).ok()?.kit.session;
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
    /// an adapter, [`AccountTokens`](crate::AccountTokens) does both.
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
        SafeLocation::of_way_back(&format!("{}/signin", self.base_path()))
            .with_parameter("callbackUrl", way_back.text())
    }
}

impl<D: DeserializeOwned> Auth<D> {
    /// Who sent this request? `Ok(None)` is somebody who is not signed in.
    ///
    /// The callbacks run and a due database session is extended, as when the browser asks for
    /// `GET session`; the cookie is not sent again, which a [`Guard`](crate::guard::Guard) does.
    ///
    /// # Errors
    ///
    /// [`Error`] if the database does not answer, a callback of the application fails, or the
    /// session is not a `D`. It never means "signed in".
    pub async fn session(&self, headers: &HeaderMap) -> Result<Option<D>, Error> {
        Ok(self.session_and_cookies(headers).await?.map(|(session, _)| session))
    }

    /// The session, and the `Set-Cookie` values that keep it alive if that is due.
    pub(crate) async fn session_and_cookies(
        &self,
        headers: &HeaderMap,
    ) -> Result<Option<(D, Vec<HeaderValue>)>, Error> {
        let config = &*self.config;
        let Ok(site) = config.site.of_request(headers) else { return Ok(None) };
        let (names, cookies) = (&site.kit.session, RequestCookies::new(headers));
        let Some(carried) = names.read(cookies) else { return Ok(None) };
        let now = config.clock.now();
        match current_session(config, names, carried, now, Read::Plain).await {
            Ok(current) => {
                // A `session` callback that returns null shows nobody.
                let session: Option<D> =
                    serde_json::from_slice(&current.body).map_err(Error::session_type)?;
                let due = current.due_cookies(config, names, cookies, now);
                let due = due.iter().filter_map(SetCookie::header_value).collect();
                Ok(session.map(|session| (session, due)))
            }
            Err(error) => {
                log_no_session(config, &error);
                match error {
                    NoSession::Token(_) | NoSession::Gone => Ok(None),
                    NoSession::Callback(error) => Err(error.into()),
                    NoSession::Adapter(error) => Err(error.into()),
                }
            }
        }
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

    use crate::provider::GitHub;
    use crate::{Auth, Secret};

    /// A server allocates and moves it for every request. What only some requests need is boxed.
    #[test]
    fn the_future_of_a_request_is_small() {
        let auth = Auth::builder()
            .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA").unwrap())
            .url("http://localhost:3000".parse().unwrap())
            .provider(GitHub::new("client id", "client secret"))
            .build()
            .unwrap();
        let request = auth.handle(Request::new(Bytes::new()));
        assert!(size_of_val(&request) < 6 * 1024, "{} bytes", size_of_val(&request));
    }
}
