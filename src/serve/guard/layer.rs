//! The guard as a `tower` layer, and the service it makes.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use super::coverage::Coverage;
use super::rules::Rules;
use crate::Auth;
use crate::error::ErrorCode;
use crate::flow::{Seen, note_missed_path};
use crate::hooks::SessionData;
use crate::serve::browser_address::{BrowserAddress, Mounted, RequestPath};
use crate::serve::denial::Denial;
use crate::serve::extraction::{SessionRejection, read_session};
use crate::serve::session_layer::{DueCookies, Found};

/// Lets requests through if somebody is signed in, and denies by default. Made by
/// [`Guard`](super::Guard).
pub struct GuardLayer<D>(Arc<Guarding<D>>);

struct Guarding<D> {
    auth: Auth<D>,
    rules: Rules<D>,
    mounted: Option<Mounted>,
    coverage: Coverage,
}

impl<D> GuardLayer<D> {
    pub(super) fn new(auth: Auth<D>, rules: Rules<D>, mounted: Option<Mounted>) -> Self {
        Self(Arc::new(Guarding { auth, rules, mounted, coverage: Coverage::default() }))
    }

    /// Whether this path, as the browser has it, is public.
    #[must_use]
    pub fn is_public(&self, path: &str) -> bool {
        RequestPath::new(path.into()).is_some_and(|path| self.0.rules.is_public(&path))
    }
}

#[cfg(feature = "axum")]
impl<D: SessionData> GuardLayer<D> {
    /// A router with this guard in front of all that it answers, its fallback included, in whatever
    /// order its routes were added. With [`Router::layer`] a route that is added behind the guard is
    /// open to everybody.
    ///
    /// It is the last step: give the state before, and add no route to what comes of it, which would be
    /// open to everybody. What asks for [`MatchedPath`](axum::extract::MatchedPath) is a layer of the
    /// router within, and what answers preflights of CORS is one around.
    ///
    /// ```
    /// use axum::Router;
    /// use axum::routing::get;
    /// use typegate::guard::Guard;
    /// use typegate::{Auth, ConfigError};
    ///
    /// fn app(auth: Auth) -> Result<Router, ConfigError> {
    ///     let guard = Guard::new(auth.clone()).public("/").build()?;
    ///     let routes = Router::new()
    ///         .route("/", get(async || "for everybody"))
    ///         .route("/account", get(async || "for members"))
    ///         .merge(auth.routes())
    ///         .with_state(auth);
    ///     Ok(guard.around(routes))
    /// }
    /// # use typegate::{Secret, provider::catalog::GitHub};
    /// # use tower::ServiceExt as _;
    /// # let auth: Auth = Auth::builder()
    /// #     .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
    /// #     .url("https://app.example.com".parse()?)
    /// #     .provider(GitHub::new("client id", "client secret".into()))
    /// #     .build()?;
    /// # let app = app(auth)?;
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    /// # for (path, status) in [("/", 200), ("/account", 401), ("/none", 401)] {
    /// #     let request = http::Request::get(path).body(axum::body::Body::empty()).unwrap();
    /// #     let answer = runtime.block_on(app.clone().oneshot(request)).unwrap();
    /// #     assert_eq!(answer.status(), status, "{path}");
    /// # }
    /// # Ok::<(), ConfigError>(())
    /// ```
    ///
    /// [`Router::layer`]: axum::Router::layer
    #[must_use = "the router within is not guarded, the one that is returned is"]
    pub fn around(self, router: axum::Router) -> axum::Router {
        self.0.coverage.settle();
        axum::Router::new().fallback_service(router).layer(self)
    }
}

impl<D: SessionData> GuardLayer<D> {
    /// Decides about one request: for the middleware of a framework that is not tower's.
    ///
    /// `Ok` lets it pass. The session is left in the extensions, where
    /// [`Auth::required_session`], [`Auth::optional_session`] and a guard behind this one find it.
    /// The cookies that are due are left in [`DueCookies`]: put those there before, and send them
    /// with the answer whatever it is. Without them nothing keeps the session alive.
    ///
    /// The path of `parts` is the one that is served; where something in front removed a part of it,
    /// say [`Guard::mounted_at`](super::Guard::mounted_at).
    ///
    /// ```
    /// use http::Request;
    /// use typegate::guard::Guard;
    /// use typegate::provider::catalog::GitHub;
    /// use typegate::{Auth, ClientSecret, DueCookies, Secret};
    ///
    /// # async fn test() -> Result<(), typegate::BoxError> {
    /// let auth: Auth = Auth::builder()
    ///     .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
    ///     .url("https://app.example.com".parse()?)
    ///     .provider(GitHub::new("client id", ClientSecret::new("client secret")))
    ///     .build()?;
    /// let guard = Guard::new(auth).public("/").build()?;
    /// for (path, expected) in [("/", 200), ("/account", 401)] {
    ///     let (mut parts, ()) = Request::get(path).body(())?.into_parts();
    ///     let due = DueCookies::of(&mut parts.extensions);
    ///     let mut response = match guard.admit(&mut parts).await {
    ///         Ok(()) => http::Response::new("what is behind".into()),
    ///         Err(rejection) => rejection.response(),
    ///     };
    ///     due.take().append_to(response.headers_mut());
    ///     assert_eq!(response.status(), expected);
    /// }
    /// # Ok(())
    /// # }
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    /// # runtime.block_on(test()).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// [`SessionRejection`]: what is [answered](super::Guard#what-is-answered) to whoever may not
    /// pass.
    pub async fn admit(&self, parts: &mut Parts) -> Result<(), SessionRejection> {
        self.0.admit(parts).await.map_err(SessionRejection)
    }
}

impl<D> Clone for GuardLayer<D> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<D> fmt::Debug for GuardLayer<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Guarding { rules, mounted, .. } = &*self.0;
        f.debug_struct("GuardLayer")
            .field("rules", rules)
            .field("mounted", mounted)
            .finish_non_exhaustive()
    }
}

impl<D, S> Layer<S> for GuardLayer<D> {
    type Service = GuardService<D, S>;

    fn layer(&self, inner: S) -> GuardService<D, S> {
        GuardService { layer: self.clone(), inner }
    }
}

/// The service behind a [`GuardLayer`].
pub struct GuardService<D, S> {
    layer: GuardLayer<D>,
    inner: S,
}

impl<D, S: Clone> Clone for GuardService<D, S> {
    fn clone(&self) -> Self {
        Self { layer: self.layer.clone(), inner: self.inner.clone() }
    }
}

impl<D, S> fmt::Debug for GuardService<D, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("GuardService").field(&self.layer).finish()
    }
}

impl<D, S, B, R> Service<Request<B>> for GuardService<D, S>
where
    D: SessionData,
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
    R: From<Bytes>,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let guarding = Arc::clone(&self.layer.0);
        // The inner service that was polled ready has to be called; its clone waits for the next
        // call.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            let due = DueCookies::of(&mut parts.extensions);
            let is_doubtful = guarding.coverage.doubts(&parts.extensions);
            let mut response = match guarding.admit(&mut parts).await {
                Ok(()) => {
                    let response = inner.call(Request::from_parts(parts, body)).await?;
                    if is_doubtful && guarding.coverage.is_missing(response.status()) {
                        guarding.note_missing_coverage();
                    }
                    response
                }
                Err(denial) => {
                    if is_doubtful && guarding.coverage.is_missing_at_refusal() {
                        guarding.note_missing_coverage();
                    }
                    denial.response()
                }
            };
            due.take().append_to(response.headers_mut());
            Ok(response)
        })
    }
}

impl<D> Guarding<D> {
    fn note_missing_coverage(&self) {
        let advice = "a guard is the layer of a router and has met no request for a route of that: \
                      `.layer(guard)` covers the routes that are there when it is called, and those \
                      that are added behind it are open to everybody. Write `guard.around(router)`, or \
                      `.layer(guard)` behind the last `.route(..)`, `.nest(..)` and `.merge(..)`";
        self.auth.config.log.note(ErrorCode::DoubtfulSetting, None, advice);
    }
}

impl<D: SessionData> Guarding<D> {
    async fn admit(&self, parts: &mut Parts) -> Result<(), Denial> {
        if let Some(mounted) = &self.mounted {
            parts.extensions.insert(mounted.clone());
        }
        let mounted = self.auth.mounted_at();
        let address = BrowserAddress::of(&parts.uri, &parts.extensions, mounted);
        let paths = address.paths();
        let paths = paths.as_deref();
        if paths.is_some_and(|paths| paths.iter().all(|path| self.rules.is_public(path))) {
            return Ok(());
        }
        let authorize = |session: &D, parts: &Parts| {
            let is_authorized = self.rules.is_authorized(session, paths);
            is_authorized.then_some(()).ok_or_else(|| Denial::not_authorized(parts))
        };
        // A guard in front may have found it.
        if let Some(session) = Found::of(&self.auth, &parts.extensions) {
            return authorize(session, parts);
        }
        let Some(session) = read_session(&self.auth, parts).await? else {
            let address = BrowserAddress::of(&parts.uri, &parts.extensions, mounted);
            note_missed_path(&self.auth.config, address.arrived(), Seen::ByGuard);
            return Err(Denial::not_signed_in(&self.auth, parts));
        };
        authorize(&session, parts)?;
        Found::note(&self.auth, session, &mut parts.extensions);
        Ok(())
    }
}
