//! The address as the browser has it. What routers and proxies took from the front of a path is put
//! back, because rules for paths and the way back after a sign-in mean what a person sees.

use std::borrow::Cow;
use std::sync::Arc;

use http::{Extensions, Uri};
use percent_encoding::percent_decode_str;

/// The prefix that something in front of this service removed from the paths, without a trailing
/// slash.
#[derive(Clone, Debug)]
pub(crate) struct Mounted(pub(crate) Arc<str>);

/// The address of one request.
#[derive(Debug)]
pub(crate) struct BrowserAddress<'a> {
    mounted: &'a str,
    original: &'a Uri,
    /// The path that is served, if it is not the browser's without what `nest` took from it.
    rewritten: Option<&'a str>,
}

impl<'a> BrowserAddress<'a> {
    /// `mounted` is what the configuration says of the whole site; a guard that was told another
    /// prefix knows better.
    pub(crate) fn of(uri: &'a Uri, extensions: &'a Extensions, mounted: &'a str) -> Self {
        let mounted = extensions.get::<Mounted>().map_or(mounted, |mounted| &*mounted.0);
        let original = original(uri, extensions);
        let rewritten = rewritten(original.path(), uri.path(), nested(extensions));
        Self { mounted, original, rewritten }
    }

    /// The paths that the request is about: the browser's and, if something rewrote it and did not only
    /// shorten it, the one that is served. `None` if one of them could be read in two ways.
    pub(crate) fn paths(&self) -> Option<Vec<RequestPath<'a>>> {
        let whole = self.with_mount(self.original.path());
        let all = std::iter::once(whole).chain(self.rewritten.map(Cow::Borrowed));
        all.map(RequestPath::new).collect()
    }

    /// The path as it got here, before any router.
    pub(crate) fn arrived(&self) -> &'a str {
        self.original.path()
    }

    /// Path and query, as the browser sent them.
    pub(crate) fn path_and_query(&self) -> Cow<'a, str> {
        self.with_mount(self.original.path_and_query().map_or("/", |target| target.as_str()))
    }

    fn with_mount(&self, rest: &'a str) -> Cow<'a, str> {
        match self.mounted {
            "" => Cow::Borrowed(rest),
            mounted => Cow::Owned(format!("{mounted}{rest}")),
        }
    }
}

/// A path of a request.
#[derive(Debug)]
pub(crate) struct RequestPath<'a> {
    /// As it was sent: routers compare this.
    pub(crate) raw: Cow<'a, str>,
    /// Decoded once.
    pub(crate) decoded: String,
}

impl<'a> RequestPath<'a> {
    /// `None` if servers read it in two ways.
    pub(crate) fn new(raw: Cow<'a, str>) -> Option<Self> {
        Some(Self { decoded: unambiguous(&raw)?, raw })
    }
}

/// What the routers inside of a rewrite serve, where `nest` took so many segments and something
/// else took or changed others.
fn rewritten<'a>(original: &'a str, served: &'a str, nested: usize) -> Option<&'a str> {
    // axum's `nest("/a", …)` shows `/a` as `/`.
    let end = if served == "/" && !original.ends_with('/') { "" } else { served };
    let Some(taken) = original.strip_suffix(end) else { return Some(served) };
    let slashes: Vec<usize> = taken.match_indices('/').map(|(at, _)| at).collect();
    match slashes.len().checked_sub(nested) {
        Some(0) => None,
        Some(others) => match original.get(slashes.get(others).copied().unwrap_or(taken.len())..) {
            Some("") | None => Some("/"),
            rest => rest,
        },
        None => Some(served),
    }
}

/// How many segments axum's `nest` removed from the front.
#[cfg(feature = "axum")]
fn nested(extensions: &Extensions) -> usize {
    let nested = extensions.get::<axum::extract::NestedPath>();
    let segments = nested.into_iter().flat_map(|nested| nested.as_str().split('/'));
    segments.filter(|segment| !segment.is_empty()).count()
}

#[cfg(not(feature = "axum"))]
fn nested(_: &Extensions) -> usize {
    0
}

/// The address before any `nest`, which axum keeps.
#[cfg(feature = "axum")]
pub(crate) fn original<'a>(uri: &'a Uri, extensions: &'a Extensions) -> &'a Uri {
    extensions.get::<axum::extract::OriginalUri>().map_or(uri, |original| &original.0)
}

#[cfg(not(feature = "axum"))]
pub(crate) fn original<'a>(uri: &'a Uri, _: &'a Extensions) -> &'a Uri {
    uri
}

/// The path decoded once, if all servers read it alike.
pub(crate) fn unambiguous(path: &str) -> Option<String> {
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

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn r190_what_a_router_rewrites_is_asked_about_under_both_names() {
        for (original, served, nested, expected) in [
            ("/a", "/a", 0, None),
            ("/", "/", 0, None),
            ("/%61/b", "/%61/b", 0, None),
            ("/admin/page", "/page", 1, None),
            ("/admin", "/", 1, None),
            ("/admin/", "/", 1, None),
            ("/a/b/page/x", "/page/x", 2, None),
            // Something else than `nest` took a part.
            ("/v1/admin/page", "/admin/page", 0, Some("/admin/page")),
            ("/v1/admin/page", "/page", 1, Some("/admin/page")),
            ("/v1/admin", "/", 1, Some("/admin")),
            ("/v1", "/", 0, Some("/")),
            ("/v1/", "/", 0, Some("/")),
            ("/public/x", "/admin/x", 0, Some("/admin/x")),
            ("/x", "/a/x", 0, Some("/a/x")),
            ("/page", "/page", 1, Some("/page")),
        ] {
            assert_eq!(rewritten(original, served, nested), expected, "{original} {served}");
        }
    }
}
