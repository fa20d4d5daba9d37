//! Which routes are for everybody? The ones that are named; all others need somebody who is
//! signed in.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::header::{LOCATION, SET_COOKIE};
use http::{Method, Request, Response, StatusCode};
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use tower_layer::Layer;
use tower_service::Service;

use crate::Auth;
use crate::route::below;

type Authorized<D> = Arc<dyn Fn(&D, &str) -> bool + Send + Sync>;

/// A layer that lets requests through if somebody is signed in, and denies by default.
///
/// A browser that asks for a page is sent to the sign-in page (302) and comes back afterwards;
/// other requests get 401, and 403 if the session is not authorized. A failing database or
/// callback is 500, never a pass. The session is put into the request's extensions, where the
/// extractors find it without reading it again. A session in use is kept alive: its cookie goes
/// out again once a day.
///
/// Paths are compared by whole segments after decoding them once; a path that could be read in
/// two ways (with `..`, an encoded slash, a backslash) is never public.
///
/// ```
/// use typegate::guard::Guard;
/// use typegate::provider::GitHub;
/// use typegate::{Auth, Secret};
///
/// let auth = Auth::builder()
///     .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
///     .url("https://app.example.com".parse()?)
///     .provider(GitHub::new("client id", "client secret"))
///     .build()?;
/// let guard = Guard::new(auth).public("/").public_below("/assets");
/// assert!(guard.is_public("/assets/site.css"));
/// assert!(!guard.is_public("/assetsx"));
/// # Ok::<(), typegate::ConfigError>(())
/// ```
pub struct Guard<D> {
    auth: Auth<D>,
    rules: Arc<Rules<D>>,
}

struct Rules<D> {
    exact: Vec<String>,
    below: Vec<String>,
    authorized: Option<Authorized<D>>,
}

impl<D> Guard<D> {
    /// Denies everything but the auth routes.
    #[must_use]
    pub fn new(auth: Auth<D>) -> Self {
        let below = vec![auth.base_path().to_owned()];
        let rules = Arc::new(Rules { exact: Vec::new(), below, authorized: None });
        Self { auth, rules }
    }

    /// Lets everybody see exactly this path.
    #[must_use]
    pub fn public(self, path: impl Into<String>) -> Self {
        self.with(|rules| rules.exact.push(path.into()))
    }

    /// Lets everybody see this path and all below it.
    #[must_use]
    pub fn public_below(self, path: impl Into<String>) -> Self {
        let path = path.into();
        let path = path.trim_end_matches('/').to_owned();
        self.with(|rules| rules.below.push(path))
    }

    /// Decides by session and path whether somebody who is signed in may pass.
    #[must_use]
    pub fn authorized(self, authorized: impl Fn(&D, &str) -> bool + Send + Sync + 'static) -> Self {
        self.with(|rules| rules.authorized = Some(Arc::new(authorized)))
    }

    fn with(self, change: impl FnOnce(&mut Rules<D>)) -> Self {
        let mut rules = Rules {
            exact: self.rules.exact.clone(),
            below: self.rules.below.clone(),
            authorized: self.rules.authorized.clone(),
        };
        change(&mut rules);
        Self { auth: self.auth, rules: Arc::new(rules) }
    }

    /// Whether everybody may see this path.
    #[must_use]
    pub fn is_public(&self, path: &str) -> bool {
        let Some(path) = unambiguous(path) else { return false };
        self.rules.exact.contains(&path)
            || self.rules.below.iter().any(|public| below(public, &path).is_some())
    }
}

impl<D> Clone for Guard<D> {
    fn clone(&self) -> Self {
        Self { auth: self.auth.clone(), rules: Arc::clone(&self.rules) }
    }
}

impl<D> fmt::Debug for Guard<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard")
            .field("exact", &self.rules.exact)
            .field("below", &self.rules.below)
            .finish_non_exhaustive()
    }
}

/// The path decoded once, if every server reads it alike.
fn unambiguous(path: &str) -> Option<String> {
    let lower = path.to_ascii_lowercase();
    if lower.contains("%2f") || lower.contains("%5c") || lower.contains("%25") {
        return None;
    }
    let path = percent_decode_str(path).decode_utf8().ok()?.into_owned();
    let is_odd = |c: char| c.is_control() || matches!(c, '\\' | '?' | '#' | ';');
    let mut segments = path.split('/').peekable();
    segments.next();
    let mut has_odd_segment = false;
    while let Some(segment) = segments.next() {
        // An empty segment is a slash at the end of the path, or a second reading.
        let is_last = segments.peek().is_none();
        has_odd_segment |= matches!(segment, "." | "..") || segment.is_empty() && !is_last;
    }
    let is_clean = path.starts_with('/') && !has_odd_segment && !path.contains(is_odd);
    is_clean.then_some(path)
}

impl<D, S> Layer<S> for Guard<D> {
    type Service = GuardService<D, S>;

    fn layer(&self, inner: S) -> GuardService<D, S> {
        GuardService { guard: self.clone(), inner }
    }
}

/// The service behind a [`Guard`].
pub struct GuardService<D, S> {
    guard: Guard<D>,
    inner: S,
}

impl<D, S: Clone> Clone for GuardService<D, S> {
    fn clone(&self) -> Self {
        Self { guard: self.guard.clone(), inner: self.inner.clone() }
    }
}

impl<D, S> fmt::Debug for GuardService<D, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("GuardService").field(&self.guard).finish()
    }
}

/// A session that a guard has found, for the extractors behind it.
#[derive(Clone, Debug)]
pub(crate) struct Found<D>(pub(crate) D);

impl<D, S, B, R> Service<Request<B>> for GuardService<D, S>
where
    D: DeserializeOwned + Clone + Send + Sync + 'static,
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
    R: Default,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let guard = self.guard.clone();
        // The service that is ready is used; its clone waits for the next call.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        Box::pin(async move {
            if guard.is_public(request.uri().path()) {
                return inner.call(request).await;
            }
            match guard.auth.session_and_cookies(request.headers()).await {
                Ok(Some((session, due))) => {
                    let authorized = guard.rules.authorized.as_ref();
                    if authorized.is_some_and(|may| !may(&session, request.uri().path())) {
                        return Ok(status(StatusCode::FORBIDDEN));
                    }
                    request.extensions_mut().insert(Found(session));
                    let mut response = inner.call(request).await?;
                    for cookie in due {
                        response.headers_mut().append(SET_COOKIE, cookie);
                    }
                    Ok(response)
                }
                Ok(None) => Ok(to_sign_in(&guard.auth, &request)),
                Err(_) => Ok(status(StatusCode::INTERNAL_SERVER_ERROR)),
            }
        })
    }
}

fn status<R: Default>(status: StatusCode) -> Response<R> {
    let mut response = Response::new(R::default());
    *response.status_mut() = status;
    response
}

fn to_sign_in<D, B, R: Default>(auth: &Auth<D>, request: &Request<B>) -> Response<R> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return status(StatusCode::UNAUTHORIZED);
    }
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let mut response = status(StatusCode::FOUND);
    response.headers_mut().insert(LOCATION, auth.sign_in_location(target).header_value());
    response
}

#[cfg(test)]
mod tests {
    use super::unambiguous;

    #[test]
    fn r171_paths_that_can_be_read_in_two_ways_are_refused() {
        for path in [
            "/a/../admin",
            "/a/./b",
            "//a",
            "/a//b",
            "/a%2fb",
            "/a%2Fb",
            "/a%5cb",
            "/a%252fb",
            "/a\\b",
            "/%2e%2e/admin",
            "/a%00",
            "/a%3fb",
            "/a%23b",
            "/a;b",
            "a",
            "",
            "/a/..",
            "/..",
        ] {
            assert_eq!(unambiguous(path), None, "{path}");
        }
        for path in ["/", "/a", "/a/b", "/a/", "/a%20b"] {
            assert!(unambiguous(path).is_some(), "{path}");
        }
    }
}
