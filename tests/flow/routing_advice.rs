//! What the log says of a router that the auth routes or the guard stand in at the wrong place: neither
//! types nor `build()` see that.

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::{Request, StatusCode};
use serde_json::json;
use tower::ServiceExt as _;
use typegate::guard::Guard;
use typegate::{Auth, SiteUrl};

use super::support::{Lines, NOW, SECRET, seal, site_at};

fn site(text: &str) -> SiteUrl {
    text.parse().unwrap()
}

/// Asks as somebody who is signed in.
async fn ask(app: &Router, path: &str) -> StatusCode {
    let claims = json!({ "name": "Ada", "sub": "1", "iat": NOW, "exp": NOW + 3600 });
    let cookie = format!("__Secure-next-auth.session-token={}", seal(&claims, SECRET, ""));
    let request = Request::get(path).header("cookie", cookie).body(Body::empty()).unwrap();
    app.clone().oneshot(request).await.unwrap().status()
}

async fn ask_as_nobody(app: &Router, path: &str) -> StatusCode {
    let request = Request::get(path).body(Body::empty()).unwrap();
    app.clone().oneshot(request).await.unwrap().status()
}

/// The messages about settings.
fn advice(lines: &Lines) -> Vec<String> {
    let lines = lines.take().into_iter().filter(|line| line.code == "DOUBTFUL_SETTING");
    lines.map(|line| line.message).collect()
}

#[tokio::test]
async fn r211_auth_routes_that_are_nested_elsewhere_are_said_once() {
    let root = || site("https://app.example.com");
    let app = || site("https://app.example.com/app/api/auth").mounted_at("/app").unwrap();
    let deep = || site("https://app.example.com/a/b/api/auth").mounted_at("/a/b").unwrap();
    for (site, nest, prefix, is_said) in [
        (root(), "/app", "/app", true),
        (root(), "/{tenant}", "/acme", true),
        (root(), "/a/b", "/a/b", true),
        (app(), "/app", "/app", false),
        (app(), "/v2", "/v2", true),
        // A proxy removes the rest.
        (deep(), "/b", "/b", false),
    ] {
        let (auth, lines) = site_at(site);
        let router: Router = Router::new().nest(nest, auth.routes());
        for action in ["csrf", "session", "providers"] {
            let path = format!("{prefix}/api/auth/{action}");
            assert_eq!(ask(&router, &path).await, StatusCode::OK, "{path}");
        }
        let said = advice(&lines);
        assert_eq!(said.len(), usize::from(is_said), "{nest}: {said:?}");
        for message in said {
            let beginning = format!("`{prefix}/api/auth/csrf` was asked for");
            assert!(message.starts_with(&beginning), "{message}");
            let browser = auth.browser_base_path();
            assert!(message.contains(&format!("`{prefix}{browser}` as the path")), "{message}");
        }
    }
    let (auth, lines) = site_at(root());
    let inner = Router::new().route("/page", get(async || "in"));
    let merged: Router = Router::new().nest("/app", inner).merge(auth.routes());
    assert_eq!(ask(&merged, "/api/auth/csrf").await, StatusCode::OK);
    assert_eq!(advice(&lines), Vec::<String>::new());
}

#[tokio::test]
async fn r171_a_guard_that_covers_no_route_is_said_once() {
    let page = || get(async || "for Ada");
    let guard = |auth: &Auth| Guard::new(auth.clone()).build().unwrap();
    let (auth, lines) = site_at(site("https://app.example.com"));
    let early: Router = Router::new().layer(guard(&auth)).route("/admin", page());
    assert_eq!(ask(&early, "/admin").await, StatusCode::OK);
    for number in 0..20 {
        assert_eq!(ask(&early, &format!("/{number}")).await, StatusCode::NOT_FOUND);
    }
    let [message] = advice(&lines).try_into().unwrap();
    assert!(message.contains("behind the last `.route(..)`"), "{message}");
    assert!(message.contains("open to everybody"), "{message}");

    // Nobody is signed in, so the guard refuses what no route answers.
    let (auth, lines) = site_at(site("https://app.example.com"));
    let early: Router = Router::new().layer(guard(&auth)).route("/admin", page());
    for number in 0..100 {
        assert_eq!(ask_as_nobody(&early, &format!("/{number}")).await, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(advice(&lines).len(), 1);

    let fallback = || Router::new().fallback(async || "a page of the application");
    let (auth, lines) = site_at(site("https://app.example.com"));
    let routed: Router = Router::new().route("/admin", page()).layer(guard(&auth));
    let nested: Router =
        Router::new().nest("/a", Router::new().route("/b", page()).layer(guard(&auth)));
    let behind: Router =
        Router::new().nest("/a", Router::new().route("/b", page())).layer(guard(&auth));
    let only_a_fallback: Router = fallback().layer(guard(&auth));
    for (app, served) in
        [(routed, "/admin"), (nested, "/a/b"), (behind, "/a/b"), (only_a_fallback, "/any")]
    {
        // An icon that is not there comes first.
        ask(&app, "/favicon.ico").await;
        assert_eq!(ask(&app, served).await, StatusCode::OK, "{served}");
        for number in 0..20 {
            ask(&app, &format!("/{number}")).await;
        }
    }
    assert_eq!(advice(&lines), Vec::<String>::new());
}

#[tokio::test]
async fn r227_a_guard_around_a_router_covers_what_was_added_in_any_order() {
    let (auth, lines) = site_at(site("https://app.example.com"));
    let guard = Guard::new(auth.clone()).public("/").build().unwrap();
    let page = || get(async || "a page");
    let nested = Router::new().route("/", page()).route("/users", page());
    let routes = Router::new()
        .route("/", page())
        .merge(auth.routes())
        .fallback(async || "whatever else")
        .route("/late", page())
        .nest("/admin", nested);
    let app = guard.around(routes);
    for path in ["/", "/api/auth/csrf", "/api/auth/session"] {
        assert_eq!(ask_as_nobody(&app, path).await, StatusCode::OK, "{path}");
    }
    for path in ["/late", "/admin", "/admin/users", "/any", "//", "/%2e%2e/late", "/%6cate"] {
        assert_eq!(ask_as_nobody(&app, path).await, StatusCode::UNAUTHORIZED, "{path}");
    }
    for path in ["/late", "/admin", "/admin/users", "/any"] {
        assert_eq!(ask(&app, path).await, StatusCode::OK, "{path}");
    }
    for number in 0..100 {
        ask_as_nobody(&app, &format!("/{number}")).await;
    }
    assert_eq!(advice(&lines), Vec::<String>::new());
}

#[test]
fn r171_a_guard_is_refused_whose_whole_mount_is_public() {
    let built = |site, public: &str| {
        let guard = Guard::new(site_at(site).0).public_below(public);
        (guard.clone().build().err(), guard.mounted_at("/app").build().err())
    };
    let root = || site("https://app.example.com");
    let app = || site("https://app.example.com/app/api/auth").mounted_at("/app").unwrap();
    for (site, public, by_site, by_guard) in [
        (root(), "/app", false, true),
        (root(), "/app/", false, true),
        (root(), "/app/assets", false, false),
        (app(), "/app", true, true),
        (app(), "/app/assets", false, false),
        (app(), "/apps", false, false),
    ] {
        let (told_by_site, told_by_guard) = built(site, public);
        assert_eq!(
            (told_by_site.is_some(), told_by_guard.is_some()),
            (by_site, by_guard),
            "{public}"
        );
        let message = told_by_guard.map(|error| error.to_string());
        assert!(message.is_none_or(|text| text.contains("makes every path public")), "{public}");
    }
}
