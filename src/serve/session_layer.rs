//! The session layer: adds to a response the cookies that reading the session made necessary.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use http::{Extensions, Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use crate::Auth;
use crate::auth::set_cookies::SetCookies;

/// A layer that sends the session's cookie when an extractor behind it has read the session and
/// the cookie is due: a `jwt` callback changed the claims, or a day has passed.
///
/// With it a `jwt` callback may refresh a provider's tokens while a page is served, because the
/// changed claims reach the browser; without it the callback gets no
/// [`refresher`](crate::hooks::TokenRequest::refresher) there. It refuses nobody. A
/// [`Guard`](crate::serve::guard::Guard) does the same for what is behind it, and needs no second
/// layer.
///
/// ```
/// use axum::Router;
/// use axum::routing::get;
/// use typegate::provider::catalog::GitHub;
/// use typegate::{Auth, ClientSecret, Secret, Session, SessionLayer};
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
///     .route("/", get(home))
///     .merge(auth.routes())
///     .layer(SessionLayer::new())
///     .with_state(auth);
/// # Ok::<(), typegate::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[must_use = "a layer does nothing until it is given to a router or a service"]
pub struct SessionLayer(());

impl SessionLayer {
    /// The layer. It takes no configuration: the extractors have it.
    pub fn new() -> Self {
        Self(())
    }
}

impl<S> Layer<S> for SessionLayer {
    type Service = SessionService<S>;

    fn layer(&self, inner: S) -> SessionService<S> {
        SessionService(inner)
    }
}

/// The service behind a [`SessionLayer`].
#[derive(Clone, Copy, Debug)]
pub struct SessionService<S>(S);

impl<S, B, R> Service<Request<B>> for SessionService<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Future: Send + 'static,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let due = DueCookies::of(request.extensions_mut());
        let answer = self.0.call(request);
        Box::pin(async move {
            let mut response = answer.await?;
            due.take().append_to(response.headers_mut());
            Ok(response)
        })
    }
}

/// The cookies that the answer to a request will have to carry, left here by whatever reads its
/// session: the extractors, [`Auth::optional_session`] and a
/// [`GuardLayer`](crate::serve::guard::GuardLayer).
///
/// Behind a [`SessionLayer`] and a guard's layer they are sent. For the middleware of a framework
/// that is not tower's: put them into the extensions of the request before it goes on, and send what
/// was left when the answer comes.
///
/// ```
/// use http::{Request, Response};
/// use typegate::provider::catalog::GitHub;
/// use typegate::{Auth, ClientSecret, DueCookies, Secret};
///
/// # async fn test() -> Result<(), typegate::BoxError> {
/// # let auth = Auth::builder()
/// #     .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
/// #     .url("https://app.example.com".parse()?)
/// #     .provider(GitHub::new("client id", ClientSecret::new("client secret")))
/// #     .build()?;
/// let (mut parts, ()) = Request::get("/").body(())?.into_parts();
/// let due = DueCookies::of(&mut parts.extensions);
///
/// let session = auth.optional_session(&parts).await;
/// assert!(matches!(session, Ok(None)));
///
/// let mut response = Response::new("Hello");
/// due.take().append_to(response.headers_mut());
/// assert!(response.headers().is_empty()); // mostly nothing is due
/// # Ok(())
/// # }
/// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
/// # runtime.block_on(test()).unwrap();
/// ```
#[derive(Clone, Debug, Default)]
pub struct DueCookies(Arc<Mutex<SetCookies>>);

impl DueCookies {
    /// Those of a request, put into its extensions if there are none yet. Whoever asked for them
    /// sends what was left; among several, the innermost does.
    #[must_use = "what is left there is lost unless it is taken and sent"]
    pub fn of(extensions: &mut Extensions) -> Self {
        extensions.get_or_insert_default::<Self>().clone()
    }

    /// Takes what was left until now, for the answer's headers. A session that was read twice is
    /// there once.
    pub fn take(&self) -> SetCookies {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn leave(&self, cookies: SetCookies) {
        if !cookies.is_empty() {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).replace(cookies);
        }
    }
}

/// A session that a guard has found, for what is behind it.
#[derive(Debug)]
pub(crate) struct Found<D> {
    /// The configuration that found it: another one's sessions do not count, whatever their type.
    by: Auth<D>,
    session: D,
}

impl<D: Clone> Clone for Found<D> {
    fn clone(&self) -> Self {
        Self { by: self.by.clone(), session: self.session.clone() }
    }
}

impl<D: Clone + Send + Sync + 'static> Found<D> {
    pub(crate) fn note(auth: &Auth<D>, session: D, extensions: &mut Extensions) {
        extensions.insert(Self { by: auth.clone(), session });
    }

    pub(crate) fn of<'a>(auth: &Auth<D>, extensions: &'a Extensions) -> Option<&'a D> {
        let found = extensions.get::<Self>()?;
        Arc::ptr_eq(&found.by.config, &auth.config).then_some(&found.session)
    }
}
