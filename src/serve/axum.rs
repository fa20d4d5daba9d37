//! axum: the auth routes, and the session as an extractor.

use std::net::SocketAddr;
use std::ops::Deref;

use axum::Router;
use axum::extract::{ConnectInfo, FromRef, FromRequestParts, OptionalFromRequestParts};
use axum::response::{IntoResponse, Response};
use http::Extensions;
use http::request::Parts;
use serde::Serialize;

use crate::Auth;
use crate::hooks::SessionData;
use crate::model::{DefaultSession, User};
use crate::rule::never::TakenFromRequest;
use crate::serve::extraction::SessionRejection;
use crate::web::client_address::ClientAddress;

impl<D: 'static> Auth<D> {
    /// The auth routes, to be merged into the outermost router with `merge`. Their paths begin with the
    /// [base path](Self::base_path) already: under `nest` at that path they would answer nothing, and
    /// under another one at addresses that the site's own do not lead to, of which the log has a line
    /// (`DOUBTFUL_SETTING`), unless the site's address was told
    /// [`mounted_at`](crate::SiteUrl::mounted_at).
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

/// The [routes](Auth::routes), so that an `Auth` itself can be merged.
///
/// ```
/// # use typegate::provider::catalog::GitHub;
/// # use typegate::{Auth, Secret};
/// # let auth = Auth::builder()
/// #     .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
/// #     .url("https://app.example.com".parse()?)
/// #     .provider(GitHub::new("client id", "client secret".into()))
/// #     .build()?;
/// let app: axum::Router = axum::Router::new().merge(auth);
/// # Ok::<(), typegate::ConfigError>(())
/// ```
impl<S, D: 'static> From<Auth<D>> for Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    fn from(auth: Auth<D>) -> Self {
        auth.routes()
    }
}

#[doc(hidden)]
impl<S> FromRequestParts<S> for User
where
    S: TakenFromRequest + Send + Sync,
{
    type Rejection = SessionRejection;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, SessionRejection> {
        S::never()
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
/// itself, or a struct with `#[derive(Clone, FromRef)]` that has it as a field:
///
/// ```
/// use axum::Router;
/// use axum::extract::{FromRef, State};
/// use axum::routing::get;
/// use typegate::provider::catalog::GitHub;
/// use typegate::{Auth, ClientSecret, Secret, Session};
///
/// #[derive(Clone, FromRef)]
/// struct App {
///     auth: Auth,
///     greeting: &'static str,
/// }
///
/// #[axum::debug_handler(state = App)]
/// async fn home(State(greeting): State<&'static str>, Session(session): Session) -> String {
///     format!("{greeting} {}", session.user.name.unwrap_or_default())
/// }
///
/// let auth = Auth::builder()
///     .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
///     .url("https://app.example.com".parse()?)
///     .provider(GitHub::new("client id", ClientSecret::new("client secret")))
///     .build()?;
/// let app: Router = Router::new()
///     .route("/", get(home))
///     .merge(auth.routes())
///     .with_state(App { auth, greeting: "Hello" });
/// # Ok::<(), typegate::ConfigError>(())
/// ```
///
/// If the compiler says no more than that a function is no `Handler`, write
/// `#[axum::debug_handler(state = App)]` above it (axum's feature `macros`): then it says which
/// argument is the reason. An extractor that reads the body comes last, and what a handler takes is
/// `Session<AppSession>`, not `AppSession`.
///
/// A handler of one's own sends the session to a front end by `Json(session)`, which is the JSON of its
/// data. It adds the header `Cache-Control: private, no-store`, which `Json` does not.
///
/// ```
/// use typegate::{DefaultSession, Session};
///
/// let session: Session = Session(DefaultSession::default());
/// assert_eq!(serde_json::to_value(&session)?, serde_json::to_value(&session.0)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(transparent)]
#[must_use]
pub struct Session<D = DefaultSession>(pub D);

/// As with axum's own extractors, so that `session: Session` has `session.user` as well.
///
/// ```
/// use typegate::Session;
///
/// async fn home(session: Session) -> String {
///     session.user.name.clone().unwrap_or_default()
/// }
/// ```
impl<D> Deref for Session<D> {
    type Target = D;

    fn deref(&self) -> &D {
        &self.0
    }
}

impl IntoResponse for SessionRejection {
    fn into_response(self) -> Response {
        self.0.response()
    }
}

/// A router's state that has an [`Auth<D>`] in it: everything of which axum's [`FromRef`] gives one.
#[diagnostic::on_unimplemented(
    message = "the router's state `{Self}` has no `Auth` whose sessions are of the type `{D}`",
    label = "needs such an `Auth` in the state",
    note = "a router gets its state by `.with_state(auth)`, and `#[axum::debug_handler(state = Auth)]` is told \
            of it; if the state is a struct of your own, write `#[derive(Clone, axum::extract::FromRef)]` \
            above it",
    note = "an `Arc` around that struct, or around its `Auth`, hides the `Auth`: an `Auth` is cheap to clone, \
            and what is not goes into an `Arc` of its own",
    note = "if it has an `Auth`, write `Session<..>` with its session type, which is what the `session` \
            callback returns"
)]
pub trait HoldsAuth<D> {
    #[doc(hidden)]
    fn auth(&self) -> Auth<D>;
}

#[diagnostic::do_not_recommend]
impl<S, D> HoldsAuth<D> for S
where
    Auth<D>: FromRef<S>,
{
    fn auth(&self) -> Auth<D> {
        Auth::from_ref(self)
    }
}

impl<S, D> FromRequestParts<S> for Session<D>
where
    S: HoldsAuth<D> + Send + Sync,
    D: SessionData,
{
    type Rejection = SessionRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, SessionRejection> {
        state.auth().required_session(parts).await.map(Self)
    }
}

impl<S, D> OptionalFromRequestParts<S> for Session<D>
where
    S: HoldsAuth<D> + Send + Sync,
    D: SessionData,
{
    type Rejection = SessionRejection;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &S,
    ) -> Result<Option<Self>, SessionRejection> {
        Ok(state.auth().optional_session(parts).await?.map(Self))
    }
}
