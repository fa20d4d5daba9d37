//! axum: the auth routes, and the session as an extractor.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::{ConnectInfo, FromRef, FromRequestParts, OptionalFromRequestParts};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{Extensions, StatusCode};
use serde::de::DeserializeOwned;

use crate::Auth;
use crate::model::DefaultSession;
use crate::serve::denial::Denial;
use crate::serve::session_layer::{CookieSlot, Found};
use crate::web::client_address::ClientAddress;

impl<D: 'static> Auth<D> {
    /// The auth routes, to be merged into the application's router.
    ///
    /// ```
    /// use axum::Router;
    /// use typegate::provider::catalog::GitHub;
    /// use typegate::{Auth, ClientSecret, Secret, Session};
    ///
    /// async fn home(session: Option<Session>) -> String {
    ///     session.and_then(|session| session.0.user.name).unwrap_or("nobody".into())
    /// }
    ///
    /// let auth = Auth::builder()
    ///     .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
    ///     .url("https://app.example.com".parse()?)
    ///     .provider(GitHub::new("client id", ClientSecret::new("client secret")))
    ///     .build()?;
    /// let app: Router = Router::new()
    ///     .route("/", axum::routing::get(home))
    ///     .merge(auth.routes())
    ///     .with_state(auth);
    /// # Ok::<(), typegate::ConfigError>(())
    /// ```
    pub fn routes<S>(&self) -> Router<S>
    where
        S: Clone + Send + Sync + 'static,
    {
        let path = self.base_path();
        Router::new()
            .route_service(path, self.service())
            .route_service(&format!("{path}/{{*rest}}"), self.service())
    }
}

/// Takes the visitor's address from where axum keeps it, unless the application named it.
pub(crate) fn note_client_address(extensions: &mut Extensions) {
    if extensions.get::<ClientAddress>().is_none()
        && let Some(ConnectInfo(peer)) = extensions.get::<ConnectInfo<SocketAddr>>()
    {
        let address = ClientAddress(peer.ip());
        extensions.insert(address);
    }
}

/// The session of whoever sent the request.
///
/// As an argument of a handler it refuses everybody else, as a
/// [`Guard`](crate::serve::guard::Guard#what-is-answered) does: a browser that asks for a page is
/// redirected to the sign-in page, other requests get 401. `Option<Session<D>>` refuses nobody. If the database or a callback fails, the response is 500 in
/// both cases.
///
/// Put a [`SessionLayer`](crate::SessionLayer) or a [`Guard`](crate::serve::guard::Guard) in front:
/// without one the session's cookie is never renewed, so a session in use expires like an idle one,
/// and a `jwt` callback gets no
/// [`refresher`](crate::hooks::TokenRequest::refresher).
///
/// The application's state must give an [`Auth<D>`] for the same `D`: the state is the `Auth`
/// itself, or a struct with `#[derive(FromRef)]` that has it as a field.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[must_use]
pub struct Session<D = DefaultSession>(pub D);

/// A request without a session, as a response.
#[derive(Clone, Debug)]
pub struct SessionRejection(Denial);

impl SessionRejection {
    /// The status of the response.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status()
    }
}

impl IntoResponse for SessionRejection {
    fn into_response(self) -> Response {
        self.0.response()
    }
}

async fn find<D>(auth: &Auth<D>, parts: &Parts) -> Result<Option<D>, SessionRejection>
where
    D: DeserializeOwned + Clone + Send + Sync + 'static,
{
    if let Some(session) = Found::of(auth, &parts.extensions) {
        return Ok(Some(session.clone()));
    }
    let session = match parts.extensions.get::<CookieSlot>() {
        Some(slot) => {
            let (session, cookies) = auth.session_and_cookies(&parts.headers).await;
            slot.leave(cookies);
            session
        }
        None => auth.session(&parts.headers).await,
    };
    session.map_err(|_| SessionRejection(Denial::failed()))
}

impl<S, D> FromRequestParts<S> for Session<D>
where
    S: Send + Sync,
    D: DeserializeOwned + Clone + Send + Sync + 'static,
    Auth<D>: FromRef<S>,
{
    type Rejection = SessionRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, SessionRejection> {
        let auth = Auth::<D>::from_ref(state);
        match find(&auth, parts).await? {
            Some(session) => Ok(Self(session)),
            None => Err(SessionRejection(Denial::not_signed_in(&auth, parts))),
        }
    }
}

impl<S, D> OptionalFromRequestParts<S> for Session<D>
where
    S: Send + Sync,
    D: DeserializeOwned + Clone + Send + Sync + 'static,
    Auth<D>: FromRef<S>,
{
    type Rejection = SessionRejection;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &S,
    ) -> Result<Option<Self>, SessionRejection> {
        Ok(find(&Auth::<D>::from_ref(state), parts).await?.map(Self))
    }
}
