//! The guard of an application's own routes: those that are named are for everybody, all others
//! need somebody who is signed in.

mod coverage;
mod layer;
mod rules;

use std::fmt;
use std::sync::Arc;

use tower_layer::Layer;

pub use self::layer::{GuardLayer, GuardService};
use self::rules::{Rules, checked_exact, checked_mount, checked_tree};
use crate::Auth;
use crate::error::ConfigError;
use crate::serve::browser_address::{Mounted, unambiguous};

/// Makes a layer that lets requests through if somebody is signed in, and denies by default.
///
/// The session is put into the request's extensions, where the extractors find it without reading it
/// again. Its cookie is sent again when a `jwt` callback changed the claims, and once a day, which
/// keeps a session in use alive.
///
/// # What is answered
///
/// | who asks, without a session | answer |
/// |---|---|
/// | a browser that goes to a page: a GET or HEAD with `Sec-Fetch-Mode: navigate`, or from an older browser one that accepts HTML | 302 to the sign-in page, which leads back |
/// | htmx (`HX-Request: true`) | 401 with `HX-Redirect` to the sign-in page, which leads back to the page that htmx was on |
/// | everybody else: `fetch`, programs, other methods | 401 with `{"error":"SessionRequired"}` |
///
/// A session that is not authorized gets 403, a program with `{"error":"AccessDenied"}`. If the
/// database or a callback fails, the response is 500, and nobody passes. The extractor
/// [`Session`](crate::Session) answers alike.
///
/// # Paths
///
/// All paths are the browser's, even behind axum's `nest`, which shortens them for what is inside.
/// They are decoded once and compared by whole segments; a path that can be read in two ways (with
/// `..`, an encoded slash, a backslash) is never public, and never authorized where
/// [`authorized`](Self::authorized) decides.
///
/// [`GuardLayer::around`] a router covers all that it answers. axum's `layer` covers the routes that the
/// router has already: the guard stands behind the last `route`, `nest` and `merge` then, and what is
/// added later is open to everybody. If requests show that a guard covers nothing at all, the log says so
/// (`DOUBTFUL_SETTING`).
///
/// ```
/// use axum::Router;
/// use axum::routing::get;
/// use typegate::guard::Guard;
/// use typegate::provider::catalog::GitHub;
/// use typegate::{Auth, ClientSecret, Secret};
///
/// let auth: Auth = Auth::builder()
///     .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
///     .url("https://app.example.com".parse()?)
///     .provider(GitHub::new("client id", ClientSecret::new("client secret")))
///     .build()?;
/// // `nest` serves its own `/` as `/admin`, which no comparison with `/admin/` finds.
/// let is_for_ada = |path: &str| path.split('/').nth(1) == Some("admin");
/// let guard = Guard::new(auth.clone())
///     .public("/")
///     .public_below("/assets")
///     .authorized(move |session, path| {
///         !is_for_ada(path) || session.user.email.as_deref() == Some("ada@example.com")
///     })
///     .build()?;
/// assert!(guard.is_public("/assets/site.css"));
/// assert!(!guard.is_public("/assetsx"));
/// assert!(is_for_ada("/admin") && is_for_ada("/admin/users") && !is_for_ada("/administrators"));
///
/// let admin = Router::new()
///     .route("/", get(async || "for Ada"))
///     .route("/users", get(async || "for Ada as well"));
/// let app: Router = guard.around(Router::new().nest("/admin", admin).merge(auth.routes()));
///
/// let error = Guard::new(auth).public("login").public_below("/").build().unwrap_err();
/// assert!(error.to_string().contains("write `/login`"));
/// # Ok::<(), typegate::ConfigError>(())
/// ```
#[must_use = "a guard guards nothing until it is built and given to a router or a service"]
pub struct Guard<D> {
    auth: Auth<D>,
    rules: Rules<D>,
    mounted: Option<Mounted>,
    problems: Vec<String>,
}

/// What the function answers that decides who may pass.
#[diagnostic::on_unimplemented(
    message = "the function that decides who may pass has to return `bool`, and is not async",
    label = "returns `{Self}`",
    note = "write what gives `true` or `false`, such as `session.user.email.is_some()`, in a closure without \
            `async`",
    note = "what it needs of a database goes into the session, by the `session` callback; what needs an \
            `.await` at each request is a handler's own question"
)]
pub trait MayPass: Into<bool> {}

#[diagnostic::do_not_recommend]
impl MayPass for bool {}

#[typegate_macros::__unquoted]
impl<D> Guard<D> {
    /// Denies everything but the auth routes, and of the application's [own pages](crate::Pages) those
    /// that somebody without a session is sent to: sign-in, error, and the one that says to look for a
    /// message. Denied, they would lead to themselves; v4's `withAuth` lets the first two pass as well.
    pub fn new(auth: Auth<D>) -> Self {
        let base = auth.browser_base_path().to_owned();
        let mut problems = Vec::new();
        if unambiguous(&base).is_none() {
            problems.push(format!(
                "the base path `{base}` can be read in two ways: give the auth routes another"
            ));
        }
        let mut rules = Rules::new(base);
        let pages = auth.pages_without_session();
        rules.exact.extend(pages.filter_map(|path| unambiguous(&path)));
        Self { rules, auth, mounted: None, problems }
    }

    /// Makes exactly this path public, in every spelling: `/über` and `/%C3%BCber` are the same.
    pub fn public(mut self, path: impl AsRef<str>) -> Self {
        match checked_exact(path.as_ref()) {
            Ok(path) => self.rules.exact.push(path),
            Err(problem) => self.problems.push(problem),
        }
        self
    }

    /// Makes this path and everything below it public.
    pub fn public_below(mut self, path: impl AsRef<str>) -> Self {
        match checked_tree(path.as_ref()) {
            Ok(path) => self.rules.below.push(path),
            Err(problem) => self.problems.push(problem),
        }
        self
    }

    /// Decides by session and path whether somebody who is signed in may pass. The path is decoded,
    /// as for [`public`](Self::public). Compare whole segments: routes nested at `/admin` serve
    /// `/admin` itself as well as `/admin/users`. If anything other than `nest` rewrote or
    /// shortened the path, the function is asked about both, the browser's path and the one that is
    /// served.
    pub fn authorized<R: MayPass>(
        mut self,
        authorized: impl Fn(&D, &str) -> R + Send + Sync + 'static,
    ) -> Self {
        let authorized = move |session: &D, path: &str| authorized(session, path).into();
        if self.rules.authorized.replace(Arc::new(authorized)).is_some() {
            self.problems.push("`authorized` was given twice: write one function".into());
        }
        self
    }

    /// Names the prefix that something in front removes from the paths before this guard sees them,
    /// such as the `/app` that a proxy strips. Inside axum's `nest` it is known, and if the site's
    /// address was told [`SiteUrl::mounted_at`](crate::SiteUrl::mounted_at), that counts.
    pub fn mounted_at(mut self, path: impl AsRef<str>) -> Self {
        let before = match checked_mount(path.as_ref()) {
            Ok(path) => self.mounted.replace(Mounted(path.into())).is_some(),
            Err(problem) => {
                self.problems.push(problem);
                false
            }
        };
        if before {
            self.problems.push("`mounted_at` was given twice: write the whole path once".into());
        }
        self
    }

    /// The layer.
    ///
    /// # Errors
    ///
    /// [`ConfigError`], with everything that is wrong at once: a path without a slash in front, one
    /// that no request can match (a query, a pattern, `..`, an encoded slash), a guard that guards
    /// nothing (`public_below("/")`, or where it is mounted), something given twice.
    pub fn build(self) -> Result<GuardLayer<D>, ConfigError> {
        let mut problems = self.problems;
        let mount = self.mounted.as_ref().map_or(self.auth.mounted_at(), |mounted| &mounted.0);
        if let Some(mount) = unambiguous(mount) {
            problems.extend(self.rules.whole_mount(&mount));
        }
        if !problems.is_empty() {
            return Err(ConfigError::new(format!("the guard: {}", problems.join("; "))));
        }
        Ok(GuardLayer::new(self.auth, self.rules, self.mounted))
    }
}

/// Nothing is: a [`Guard`] that is given to a router or a service is not built yet, and says so here.
#[diagnostic::on_unimplemented(
    message = "this guard is not built, so it guards nothing",
    label = "this `Guard` is not built",
    note = "write `.build()?` after its last setting"
)]
pub trait Built {
    #[doc(hidden)]
    fn never<T>() -> T;
}

#[cfg(feature = "axum")]
impl<D> Guard<D>
where
    Self: Built,
{
    #[doc(hidden)]
    pub fn around(self, _: axum::Router) -> axum::Router {
        Self::never()
    }
}

#[doc(hidden)]
impl<D, S> Layer<S> for Guard<D>
where
    Self: Built,
{
    type Service = GuardService<D, S>;

    fn layer(&self, _: S) -> GuardService<D, S> {
        Self::never()
    }
}

impl<D> Clone for Guard<D> {
    fn clone(&self) -> Self {
        let Self { auth, rules, mounted, problems } = self;
        Self {
            auth: auth.clone(),
            rules: rules.clone(),
            mounted: mounted.clone(),
            problems: problems.clone(),
        }
    }
}

impl<D> fmt::Debug for Guard<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard")
            .field("rules", &self.rules)
            .field("mounted", &self.mounted)
            .finish_non_exhaustive()
    }
}
