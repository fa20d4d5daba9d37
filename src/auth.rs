//! What an application does with its finished configuration.

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Request, Response};
use serde::de::DeserializeOwned;

use crate::config::Auth;
use crate::config::builder::AuthBuilder;
use crate::cookie::{RequestCookies, SetCookie};
use crate::error::Error;
use crate::flow::{NoSession, Read, current_session, log_no_session};
use crate::message::percent_encode;
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
        route::handle(&self.config, parts, body).await
    }

    /// The address of the sign-in page that leads back to `path_and_query`, to which any visitor
    /// may be sent: leading slashes are collapsed to one, so that it stays on this site.
    #[must_use]
    pub fn sign_in_address(&self, path_and_query: &str) -> String {
        let rest = path_and_query.trim_start_matches(['/', '\\']);
        let target = percent_encode(&format!("/{rest}"));
        format!("{}/signin?callbackUrl={target}", self.base_path())
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
