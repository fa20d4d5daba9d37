//! The rules of a guard: which paths are public, and who may pass. They are written and compared as
//! decoded paths, but those of the auth routes, which answer one spelling.

use std::fmt;
use std::sync::Arc;

use crate::flow::route::below;
use crate::serve::browser_address::{RequestPath, unambiguous};

pub(super) type Authorized<D> = Arc<dyn Fn(&D, &str) -> bool + Send + Sync>;

pub(super) struct Rules<D> {
    /// Where the auth routes are, as requests have it.
    pub(super) auth_routes: String,
    pub(super) exact: Vec<String>,
    pub(super) below: Vec<String>,
    pub(super) authorized: Option<Authorized<D>>,
}

impl<D> Rules<D> {
    pub(super) fn new(auth_routes: String) -> Self {
        Self { auth_routes, exact: Vec::new(), below: Vec::new(), authorized: None }
    }
}

impl<D> Clone for Rules<D> {
    fn clone(&self) -> Self {
        let Self { auth_routes, exact, below, authorized } = self;
        Self {
            auth_routes: auth_routes.clone(),
            exact: exact.clone(),
            below: below.clone(),
            authorized: authorized.clone(),
        }
    }
}

impl<D> Rules<D> {
    /// Whether a path is public. Another spelling of the path of the auth routes is none of them: it
    /// reaches whatever answers the rest.
    pub(super) fn is_public(&self, path: &RequestPath<'_>) -> bool {
        below(&self.auth_routes, &path.raw).is_some()
            || self.exact.contains(&path.decoded)
            || self.below.iter().any(|public| below(public, &path.decoded).is_some())
    }

    /// What is wrong if all that is below `mount` is public, and that is all that a guard sees which is
    /// mounted there.
    pub(super) fn whole_mount(&self, mount: &str) -> Option<String> {
        let public = self.below.iter().find(|public| below(public, mount).is_some())?;
        Some(format!(
            "`public_below({public:?})` makes every path public, because all that this guard sees is \
             below `{mount}`: leave the guard out, or name the paths that are for everybody"
        ))
    }

    pub(super) fn is_authorized(&self, session: &D, paths: Option<&[RequestPath<'_>]>) -> bool {
        let Some(authorized) = &self.authorized else { return true };
        paths.is_some_and(|paths| paths.iter().all(|path| authorized(session, &path.decoded)))
    }
}

impl<D> fmt::Debug for Rules<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rules")
            .field("auth_routes", &self.auth_routes)
            .field("exact", &self.exact)
            .field("below", &self.below)
            .field("authorized", &self.authorized.is_some())
            .finish()
    }
}

/// A path as [`Guard::public`](super::Guard::public) takes it, decoded.
pub(super) fn checked_exact(path: &str) -> Result<String, String> {
    checked("public", path)
}

/// A path as [`Guard::public_below`](super::Guard::public_below) takes it, decoded, without a
/// trailing slash.
pub(super) fn checked_tree(path: &str) -> Result<String, String> {
    let decoded = checked("public_below", path)?;
    match decoded.strip_suffix('/').unwrap_or(&decoded) {
        "" => Err(format!(
            "`public_below({path:?})` makes every path public: leave the guard out, or name the \
             paths that are for everybody"
        )),
        path => Ok(path.to_owned()),
    }
}

/// A path as [`Guard::mounted_at`](super::Guard::mounted_at) takes it, as requests have it, without
/// a trailing slash.
pub(super) fn checked_mount(path: &str) -> Result<String, String> {
    checked("mounted_at", path)?;
    match path.strip_suffix('/').unwrap_or(path) {
        "" => Err(format!("`mounted_at({path:?})` takes nothing away: leave it out")),
        path => Ok(path.to_owned()),
    }
}

/// A decoded path that requests can have.
fn checked(setting: &str, path: &str) -> Result<String, String> {
    let problem = |what: String| Err(format!("`{setting}({path:?})` {what}"));
    if !path.starts_with('/') {
        return match path.contains("://") || path.is_empty() {
            true => problem("is no path such as `/login`".into()),
            false => problem(format!("matches no request: write `/{path}`")),
        };
    }
    if path.contains(['?', '#']) {
        return problem("has a query or a fragment, and paths are compared without".into());
    }
    let is_pattern = |segment: &str| segment.starts_with(':') || segment.contains(['*', '{', '}']);
    if path.split('/').any(is_pattern) {
        return problem(
            "is a pattern, and paths are compared as they are: name the path, or the one above it \
             by `public_below`"
                .into(),
        );
    }
    if path.trim() != path {
        return problem("has a blank at its end, so that it matches no request".into());
    }
    match unambiguous(path) {
        Some(decoded) => Ok(decoded),
        None => problem(
            "matches no request: with `..`, an empty segment, a backslash, `;`, `%2F` or `%25` a \
             path can be read in two ways, and is never public"
                .into(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r190_paths_that_match_no_request_are_refused() {
        for path in [
            "",
            "login",
            "https://app.example.com/login",
            "//login",
            "/a//b",
            "/a/../b",
            "/./a",
            "/a%2fb",
            "/a%5Cb",
            "/a%25",
            "/a;b",
            "/a\\b",
            "/login?x=1",
            "/login#top",
            "/a/*",
            "/users/{id}",
            "/users/:id",
            "/login ",
            " /login",
            "/a\n",
            "/%ff",
            "/assets//",
        ] {
            for check in [checked_exact, checked_tree, checked_mount] {
                assert!(check(path).is_err(), "{path}");
            }
        }
        assert!(checked_tree("/").unwrap_err().contains("every path public"));
        assert!(checked_mount("/").is_err());
        assert!(checked_exact("login").unwrap_err().contains("write `/login`"));
    }

    #[test]
    fn r190_paths_are_compared_decoded() {
        assert_eq!(checked_exact("/").unwrap(), "/");
        assert_eq!(checked_exact("/%C3%BCber").unwrap(), checked_exact("/über").unwrap());
        assert_eq!(checked_exact("/a/").unwrap(), "/a/");
        assert_eq!(checked_tree("/a/").unwrap(), "/a");
        assert_eq!(checked_exact("/v1/user:rename").unwrap(), "/v1/user:rename");
        assert_eq!(checked_mount("/%61/").unwrap(), "/%61");
    }
}
