//! The path that misses the auth routes by a prefix: something in front removes or adds one, and the
//! configuration says otherwise. The visitor gets 404, and the log says once what to write. Where a
//! router of the application's own removed it, the auth routes answer, and their links lead nowhere.
//!
//! Only a path of a route that is there counts, of a provider that is configured: whatever else is asked
//! for, and misses, is no sign of a proxy.

use super::route::{below, is_page, is_route};
use crate::config::Config;
use crate::error::{ErrorCode, Quoted};
use crate::web::site::{DEFAULT_PATH, Mount};

/// How a path misses the auth routes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Missed<'p> {
    /// This prefix is gone, and nothing said that it would be.
    Removed(&'p str),
    /// This prefix is there, although the configuration says that something removes it.
    Kept(&'p str),
    /// This prefix is in front of what is served.
    Added(&'p str),
}

/// Who looks at the path.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Seen {
    /// The auth routes, which were asked although it is none of theirs.
    ByRoutes,
    /// Something in front of the whole application, whose paths may look alike.
    ByGuard,
}

/// Says what to write if the path is that of an auth route but for a prefix, the first time of each
/// prefix.
pub(crate) fn note_missed_path(config: &Config, path: &str, seen: Seen) {
    let mount = config.site.mount();
    let is_provider = |id: &str| config.provider(id).is_some();
    let Some(missed) = missed(mount, path, seen, &is_provider) else { return };
    let warned = &config.warned;
    let (said, prefix) = match missed {
        Missed::Removed(prefix) => (&warned.removed_prefixes, prefix),
        Missed::Kept(prefix) => (&warned.kept_prefixes, prefix),
        Missed::Added(prefix) => (&warned.added_prefixes, prefix),
    };
    if said.is_first(&prefix, config.clock.now()) {
        config.log.note(ErrorCode::DoubtfulSetting, None, &advice(missed, mount, path));
    }
}

/// The same for a path that does get here, as `served`, because a router removed what was in front of it
/// when it `arrived`.
pub(crate) fn note_nested_path(config: &Config, arrived: &str, served: &str) {
    let mount = config.site.mount();
    let Some(prefix) = unknown_nest(mount, arrived, served) else { return };
    if config.warned.nested_prefixes.is_first(&prefix, config.clock.now()) {
        let browser = mount.browser();
        let whole = format!("{prefix}{browser}");
        let (arrived, prefix, whole) = (Quoted(arrived), Quoted(prefix), Quoted(&whole));
        let advice = format!(
            "{arrived} was asked for, and a router removed {prefix}: callback URLs, links and cookies \
             are for `{browser}`, where nothing may answer. Merge the auth routes into the outermost \
             router; or if visitors have {prefix} in the address, write {whole} as the path of the \
             site's `url`, and {prefix} in `mounted_at`"
        );
        config.log.note(ErrorCode::DoubtfulSetting, None, &advice);
    }
}

/// What a router removed, unless `mounted_at` says so: that may name what a proxy removes before it.
fn unknown_nest<'p>(mount: &Mount, arrived: &'p str, served: &str) -> Option<&'p str> {
    let prefix = arrived.strip_suffix(served)?;
    (!prefix.is_empty() && !mount.prefix().ends_with(prefix)).then_some(prefix)
}

fn advice(missed: Missed<'_>, mount: &Mount, path: &str) -> String {
    let served = mount.served();
    let none = format!("{} was asked for and is none of the auth routes, ", Quoted(path));
    match missed {
        Missed::Removed(prefix) if prefix == served => format!(
            "{none}which are under `{served}`: if something in front removes `{prefix}` from the \
             paths, let it leave that"
        ),
        Missed::Removed(prefix) => {
            let prefix = format!("{}{prefix}", mount.prefix());
            format!(
                "{none}which are under `{served}`: if something in front removes `{prefix}` from \
                 the paths, say so by `mounted_at(\"{prefix}\")` (`mounted_at = \"{prefix}\"`)"
            )
        }
        Missed::Kept(prefix) => format!(
            "{none}which are under `{served}`, because `mounted_at` says that something in front \
             removes `{prefix}`: if nothing does, leave `mounted_at` out"
        ),
        Missed::Added(prefix) => format!(
            "{none}which are under `{served}`: if visitors have `{prefix}` in the address, write \
             `{prefix}{}` as the path of the site's `url` (or `path` of the trusted proxy); if \
             something in front adds it, let it not",
            mount.browser()
        ),
    }
}

fn missed<'p>(
    mount: &'p Mount,
    path: &'p str,
    seen: Seen,
    is_provider: &dyn Fn(&str) -> bool,
) -> Option<Missed<'p>> {
    let served = mount.served();
    // NextAuth's own pages may be replaced by the application's, at paths that look like them.
    let is_meant = |base: &str, path: &str| {
        below(base, path).is_some_and(|rest| {
            let action = rest.split('/').next().unwrap_or_default();
            let is_sure = seen == Seen::ByRoutes || base.ends_with(DEFAULT_PATH);
            is_route(rest, is_provider) && (is_sure || !is_page(action))
        })
    };
    if is_meant(served, path) {
        return None;
    }
    if !mount.prefix().is_empty() && is_meant(mount.browser(), path) {
        return Some(Missed::Kept(mount.prefix()));
    }
    let slashes = |text: &'p str| text.match_indices('/').map(|(at, _)| at).skip(1);
    for (prefix, rest) in slashes(served).filter_map(|at| served.split_at_checked(at)) {
        if is_meant(rest, path) {
            return Some(Missed::Removed(prefix));
        }
    }
    for (prefix, rest) in slashes(path).filter_map(|at| path.split_at_checked(at)) {
        if is_meant(served, rest) {
            return Some(Missed::Added(prefix));
        }
    }
    let is_bare = seen == Seen::ByRoutes && is_meant("", path);
    is_bare.then_some(Missed::Removed(served))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r211_a_prefix_that_a_router_removed_is_known_by_mounted_at() {
        let plain = Mount::new("/api/auth", "").unwrap();
        let mounted = Mount::new("/app/api/auth", "/app").unwrap();
        let behind_a_proxy = Mount::new("/a/b/api/auth", "/a/b").unwrap();
        let served = "/api/auth/csrf";
        for (mount, arrived, expected) in [
            (&plain, "/api/auth/csrf", None),
            (&plain, "/app/api/auth/csrf", Some("/app")),
            (&plain, "/a/b/api/auth/csrf", Some("/a/b")),
            (&mounted, "/api/auth/csrf", None),
            (&mounted, "/app/api/auth/csrf", None),
            (&mounted, "/v2/api/auth/csrf", Some("/v2")),
            (&mounted, "/app/v2/api/auth/csrf", Some("/app/v2")),
            (&behind_a_proxy, "/b/api/auth/csrf", None),
            (&behind_a_proxy, "/a/api/auth/csrf", Some("/a")),
            // Something else rewrote it.
            (&plain, "/elsewhere", None),
        ] {
            assert_eq!(unknown_nest(mount, arrived, served), expected, "{arrived}");
        }
    }

    #[test]
    fn r211_a_path_that_lacks_a_prefix_or_has_one_more_is_told_from_others() {
        let app = Mount::new("/app/api/auth", "").unwrap();
        let plain = Mount::new("/api/auth", "").unwrap();
        let mounted = Mount::new("/app/api/auth", "/app").unwrap();
        let short = Mount::new("/auth", "").unwrap();
        for (mount, path, by_routes, by_guard) in [
            (&app, "/api/auth/csrf", Some(Missed::Removed("/app")), true),
            (&app, "/api/auth/signin", Some(Missed::Removed("/app")), true),
            (&app, "/auth/csrf", Some(Missed::Removed("/app/api")), true),
            (&app, "/auth/signin", Some(Missed::Removed("/app/api")), false),
            (&app, "/app/api/auth/csrf", None, false),
            (&app, "/v2/app/api/auth/callback/github", Some(Missed::Added("/v2")), true),
            (&plain, "/csrf", Some(Missed::Removed("/api/auth")), false),
            (&plain, "/app/api/auth/session", Some(Missed::Added("/app")), true),
            (&plain, "/a/b/api/auth/signin", Some(Missed::Added("/a/b")), true),
            (&plain, "/app/api/authors/csrf", None, false),
            (&plain, "/app/api/auth/elsewhere", None, false),
            // Scanners ask for what is nowhere.
            (&plain, "/app/api/auth", None, false),
            (&plain, "/app/api/auth/callback", None, false),
            (&plain, "/app/api/auth/callback/wp-admin", None, false),
            (&plain, "/app/api/auth/signin/wp-admin", None, false),
            (&plain, "/app/api/auth/session/x", None, false),
            (&plain, "/app/api/auth/callback/github/x", None, false),
            (&plain, "/app/api/auth/signin/github", Some(Missed::Added("/app")), true),
            (&mounted, "/app/api/auth/csrf", Some(Missed::Kept("/app")), true),
            (&mounted, "/auth/csrf", Some(Missed::Removed("/api")), true),
            (&short, "/blog/auth/signin", Some(Missed::Added("/blog")), false),
            (&short, "/blog/auth/csrf", Some(Missed::Added("/blog")), true),
            (&plain, "/", None, false),
            (&plain, "", None, false),
            (&plain, "/favicon.ico", None, false),
            (&plain, "*", None, false),
        ] {
            let missed = |seen| missed(mount, path, seen, &|id| id == "github");
            assert_eq!(missed(Seen::ByRoutes), by_routes, "{path}");
            let expected = by_routes.filter(|_| by_guard);
            assert_eq!(missed(Seen::ByGuard), expected, "{path}");
        }
    }
}
