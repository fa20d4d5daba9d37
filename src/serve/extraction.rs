//! Extraction: the session of a request, or the answer of whoever has none. Extractors of all
//! frameworks are made of it.

use bytes::Bytes;
use http::request::Parts;
use http::{Response, StatusCode};

use crate::Auth;
use crate::hooks::SessionData;
use crate::serve::denial::Denial;
use crate::serve::session_layer::{DueCookies, Found};

/// A request that does not pass, as a response.
///
/// Its answer depends on who asks: see
/// [`Guard`](crate::serve::guard::Guard#what-is-answered).
#[derive(Clone, Debug)]
pub struct SessionRejection(pub(crate) Denial);

impl SessionRejection {
    /// The status of the response.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status()
    }

    /// The response.
    #[must_use]
    pub fn response(&self) -> Response<Bytes> {
        self.0.response()
    }
}

impl<D: SessionData> Auth<D> {
    /// The session of a request, as the extractor `Option<Session>` finds it in axum: what a
    /// [`GuardLayer`](crate::serve::guard::GuardLayer) has left in the request's extensions, or else
    /// what its cookie says. Nobody is refused.
    ///
    /// Cookies that are due go to [`DueCookies`], if the extensions have them; without, it is read as
    /// [`session`](Self::session) does.
    ///
    /// # Errors
    ///
    /// [`SessionRejection`], with the status 500, if the database or a callback fails.
    pub async fn optional_session(&self, parts: &Parts) -> Result<Option<D>, SessionRejection> {
        if let Some(session) = Found::of(self, &parts.extensions) {
            return Ok(Some(session.clone()));
        }
        read_session(self, parts).await.map_err(SessionRejection)
    }

    /// The session of a request, or how somebody is answered who has none: as the extractor
    /// `Session` does in axum. It finds what [`optional_session`](Self::optional_session) finds.
    ///
    /// ```
    /// use http::Request;
    /// use typegate::provider::catalog::GitHub;
    /// use typegate::{Auth, ClientSecret, Secret};
    ///
    /// # async fn test() -> Result<(), typegate::BoxError> {
    /// let auth = Auth::builder()
    ///     .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
    ///     .url("https://app.example.com".parse()?)
    ///     .provider(GitHub::new("client id", ClientSecret::new("client secret")))
    ///     .build()?;
    /// let request = Request::get("/account?tab=keys").header("sec-fetch-mode", "navigate");
    /// let (parts, ()) = request.body(())?.into_parts();
    ///
    /// assert_eq!(auth.optional_session(&parts).await.unwrap(), None);
    /// let response = auth.required_session(&parts).await.unwrap_err().response();
    /// assert_eq!(response.status(), 302);
    /// let to = "/api/auth/signin?callbackUrl=%2Faccount%3Ftab%3Dkeys";
    /// assert_eq!(response.headers()["location"], to);
    /// # Ok(())
    /// # }
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    /// # runtime.block_on(test()).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// [`SessionRejection`]: nobody is signed in, or, with the status 500, the database or a callback
    /// fails.
    pub async fn required_session(&self, parts: &Parts) -> Result<D, SessionRejection> {
        let session = self.optional_session(parts).await?;
        session.ok_or_else(|| SessionRejection(Denial::not_signed_in(self, parts)))
    }
}

/// What the cookie of a request says. What is due of it is left for the answer, if somebody sends
/// that.
pub(crate) async fn read_session<D>(auth: &Auth<D>, parts: &Parts) -> Result<Option<D>, Denial>
where
    D: SessionData,
{
    let session = match parts.extensions.get::<DueCookies>() {
        Some(due) => {
            let (session, cookies) = auth.session_and_cookies(&parts.headers).await;
            due.leave(cookies);
            session
        }
        None => auth.session(&parts.headers).await,
    };
    session.map_err(|_| Denial::failed())
}
