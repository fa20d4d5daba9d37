//! The addresses that a guard speaks of: they are the browser's, whatever stands between the
//! browser and the guard.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::Request as AxumRequest;
use axum::routing::{any, get};
use http::{HeaderMap, Request, Response, Uri};
use serde_json::json;
use tower::{Layer as _, ServiceExt as _, service_fn};
use typegate::guard::Guard;
use typegate::provider::catalog::GitHub;
use typegate::{Auth, DefaultSession, Secret, Session, SessionLayer, SiteUrl};

use super::support::{NOW, SECRET, World, seal};

fn member() -> HeaderMap {
    let token = seal(&json!({ "name": "Ada", "iat": NOW, "exp": NOW + 3600 }), SECRET, "");
    let mut headers = HeaderMap::new();
    headers.insert("cookie", format!("next-auth.session-token={token}").parse().unwrap());
    headers
}

async fn ask(app: &Router, path: &str, headers: &HeaderMap) -> Response<Body> {
    let mut request = Request::get(path).body(Body::empty()).unwrap();
    *request.headers_mut() = headers.clone();
    request.headers_mut().insert("accept", "text/html".parse().unwrap());
    app.clone().oneshot(request).await.unwrap()
}

/// Where a visitor without a session will come back to.
async fn way_back(app: &Router, path: &str) -> String {
    let response = ask(app, path, &HeaderMap::new()).await;
    assert_eq!(response.status(), 302, "{path}");
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    let target = location.strip_prefix("/api/auth/signin?callbackUrl=").unwrap();
    percent_encoding::percent_decode_str(target).decode_utf8().unwrap().into_owned()
}

/// Lets nobody into `/admin`, and notes what it is asked about.
fn guard(auth: &Auth, asked: &Arc<Mutex<Vec<String>>>) -> Guard<DefaultSession> {
    let asked = Arc::clone(asked);
    Guard::new(auth.clone()).public("/admin/login").public_below("/admin/assets").authorized(
        move |_, path| {
            asked.lock().unwrap().push(path.to_owned());
            path != "/admin" && !path.starts_with("/admin/")
        },
    )
}

fn inner() -> Router {
    Router::new()
        .route("/", get(async || "start"))
        .route("/page", get(async || "page"))
        .route("/{*rest}", any(async || "rest"))
}

/// Every way in which a guard can stand behind something that shortens the path `/admin/…`.
fn nestings(auth: &Auth, asked: &Arc<Mutex<Vec<String>>>) -> Vec<(&'static str, Router)> {
    let layer = || guard(auth, asked).build().unwrap();
    let whole = Router::new().nest("/admin", inner()).layer(layer());
    let inside = Router::new().nest("/admin", inner().layer(layer()));
    let around = Router::new().nest_service("/admin", layer().layer(inner()));
    let service = Router::new().nest_service("/admin", inner().layer(layer()));
    let two = Router::new()
        .nest("/admin", Router::new().merge(inner()).layer(layer()))
        .layer(Guard::new(auth.clone()).public_below("/admin").build().unwrap());
    // By a parameter, which the browser fills.
    let parameter = Router::new().nest("/{area}", inner().layer(layer()));
    vec![
        ("in front of the nest", whole),
        ("inside the nest", inside),
        ("around a nested router", around),
        ("inside a nested service", service),
        ("two guards", two),
        ("a nest by parameter", parameter),
    ]
}

#[tokio::test]
async fn r190_a_guard_speaks_of_the_address_that_the_browser_has() {
    let world = World::new();
    let (asked, nobody) = (Arc::default(), HeaderMap::new());
    for (name, app) in nestings(&world.auth, &asked) {
        for path in ["/admin/page", "/admin/x/y", "/admin", "/admin/%70age", "/admin/x%2f..%2fy"] {
            let response = ask(&app, path, &member()).await;
            assert_eq!(response.status(), 403, "{name}: {path}");
            let target = format!("{path}?a=b");
            assert_eq!(way_back(&app, &target).await, target, "{name}");
        }
        for path in ["/admin/login", "/admin/log%69n", "/admin/assets/a.css", "/admin/assets"] {
            assert_eq!(ask(&app, path, &nobody).await.status(), 200, "{name}: {path}");
        }
        for path in ["/admin/login/", "/admin/assets/..%2fpage", "/admin/assetsx"] {
            assert_eq!(ask(&app, path, &nobody).await.status(), 302, "{name}: {path}");
        }
        let asked = std::mem::take(&mut *asked.lock().unwrap());
        assert!(!asked.is_empty(), "{name}");
        assert!(asked.iter().all(|path| path.starts_with("/admin")), "{name}: {asked:?}");
        assert!(asked.contains(&"/admin/page".into()), "{name}: decoded");
    }
}

#[tokio::test]
async fn r190_several_nests_are_one_address() {
    let world = World::new();
    let asked = Arc::default();
    let layer = guard(&world.auth, &asked).build().unwrap();
    let app = Router::new()
        .nest("/admin", Router::new().nest("/a", Router::new().nest("/b", inner().layer(layer))));
    assert_eq!(ask(&app, "/admin/a/b/page", &member()).await.status(), 403);
    assert_eq!(*asked.lock().unwrap(), ["/admin/a/b/page"]);
    assert_eq!(way_back(&app, "/admin/a/b/page").await, "/admin/a/b/page");
}

#[tokio::test]
async fn r190_the_extractor_leads_back_to_the_address_that_the_browser_has() {
    async fn account(_: Session) -> &'static str {
        "account"
    }
    let world = World::new();
    let account = || Router::new().route("/account", get(account)).with_state(world.auth.clone());
    let nested = Router::new().nest("/a", Router::new().nest("/b", account()));
    assert_eq!(way_back(&nested, "/a/b/account?x=1").await, "/a/b/account?x=1");
    let layered = Router::new().nest("/a", account().layer(SessionLayer::new()));
    assert_eq!(way_back(&layered, "/a/account").await, "/a/account");
    // Behind a guard that lets everybody through, and was told what it does not see.
    let guard = Guard::new(world.auth.clone()).mounted_at("/app").public_below("/app/a");
    let mounted = Router::new().nest("/a", account()).layer(guard.build().unwrap());
    assert_eq!(way_back(&mounted, "/a/account").await, "/app/a/account");
}

#[tokio::test]
async fn r190_what_the_sites_address_says_is_removed_need_not_be_said_again() {
    async fn account(_: Session) -> &'static str {
        "account"
    }
    let url: SiteUrl = "https://app.example.com/app/api/auth".parse().unwrap();
    let auth: Auth = Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .url(url.mounted_at("/app").unwrap())
        .provider(GitHub::new("id", "s3cr3t".into()))
        .build()
        .unwrap();
    let app = || {
        let inner = Router::new().route("/account", get(account)).with_state(auth.clone());
        Router::new().nest("/a", inner).merge(auth.routes())
    };
    let guard = Guard::new(auth.clone()).build().unwrap();
    let expected = "/app/api/auth/signin?callbackUrl=%2Fapp%2Fa%2Faccount%3Fx";
    for app in [app(), app().layer(guard)] {
        let sent = ask(&app, "/a/account?x", &HeaderMap::new()).await;
        assert_eq!(sent.headers()["location"], expected);
        // The auth routes are public, under the path that is served.
        assert_eq!(ask(&app, "/api/auth/session", &HeaderMap::new()).await.status(), 200);
    }
}

#[tokio::test]
async fn r190_what_something_else_strips_is_said() {
    let world = World::new();
    let asked = Arc::default();
    let layer = guard(&world.auth, &asked).mounted_at("/admin/").build().unwrap();
    assert!(format!("{layer:?}").contains("/admin"));
    // Plain tower: the server took `/admin` away, and nothing tells.
    let service = layer.layer(service_fn(async |_: Request<Body>| {
        Ok::<_, Infallible>(Response::new(Body::from("in")))
    }));
    let ask = async |path: &str, headers: &HeaderMap| {
        let mut request = Request::get(path).body(Body::empty()).unwrap();
        *request.headers_mut() = headers.clone();
        request.headers_mut().insert("accept", "text/html".parse().unwrap());
        service.clone().oneshot(request).await.unwrap()
    };
    assert_eq!(ask("/page", &member()).await.status(), 403);
    assert_eq!(*asked.lock().unwrap(), ["/admin/page"]);
    assert_eq!(ask("/login", &HeaderMap::new()).await.status(), 200);
    let sent = ask("/page?x", &HeaderMap::new()).await;
    assert_eq!(sent.headers()["location"], "/api/auth/signin?callbackUrl=%2Fadmin%2Fpage%3Fx");
}

/// A service that serves another path than the one that was asked for: both have to be public, and
/// whoever is signed in may see both.
#[tokio::test]
async fn r190_a_rewritten_path_is_judged_as_it_is_served_too() {
    let world = World::new();
    let asked = Arc::default();
    let inside = inner().layer(guard(&world.auth, &asked).build().unwrap());
    let rewritten = service_fn(move |mut request: AxumRequest| {
        let inside = inside.clone();
        let path = request.uri().path().replace("/admin/assets/", "/admin/secret/");
        *request.uri_mut() = path.replace("/fine", "/admin").parse::<Uri>().unwrap();
        async move { inside.oneshot(request).await }
    });
    let app = Router::new().fallback_service(rewritten);
    assert_eq!(ask(&app, "/admin/assets/x", &HeaderMap::new()).await.status(), 302);
    assert_eq!(ask(&app, "/fine/x", &member()).await.status(), 403);
    assert_eq!(*asked.lock().unwrap(), ["/fine/x", "/admin/x"]);
}

/// Nor does a service hide a path that takes a part from its front, whatever is nested behind it.
#[tokio::test]
async fn r190_a_path_that_is_shortened_by_something_else_is_judged_as_it_is_served_too() {
    let world = World::new();
    let asked = Arc::default();
    let layer = || guard(&world.auth, &asked).build().unwrap();
    let plain = Router::new().nest("/admin", inner()).layer(layer());
    let nested = Router::new().nest("/admin", inner().layer(layer()));
    for (name, inside) in [("in front of the nest", plain), ("inside the nest", nested)] {
        let shortened = service_fn(move |mut request: AxumRequest| {
            let inside = inside.clone();
            let path = request.uri().path().strip_prefix("/v1").unwrap().to_owned();
            *request.uri_mut() = path.parse::<Uri>().unwrap();
            async move { inside.oneshot(request).await }
        });
        let app = Router::new().fallback_service(shortened);
        for path in ["/v1/admin/page", "/v1/admin", "/v1/admin/%70age"] {
            assert_eq!(ask(&app, path, &member()).await.status(), 403, "{name}: {path}");
        }
        assert_eq!(way_back(&app, "/v1/admin/page").await, "/v1/admin/page", "{name}");
    }
}

/// Generated nests and paths: what `authorized` is asked about is what the browser asked for,
/// decoded, or the request is refused.
#[tokio::test]
async fn r190_no_nest_hides_a_path_from_the_rules() {
    let world = World::new();
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 33) as usize % below
    };
    let words = ["admin", "page", "a", "%61", "%C3%BC", "x%2fy", "..", "", "%2e%2e", "a;b", "~"];
    for _ in 0..300 {
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let seen = Arc::clone(&asked);
        let guard = Guard::new(world.auth.clone()).authorized(move |_, path| {
            seen.lock().unwrap().push(path.to_owned());
            true
        });
        let mut app = inner().layer(guard.build().unwrap());
        let mut path = String::new();
        for _ in 0..next(4) {
            path.insert_str(0, &format!("/{}", ["admin", "a", "b"][next(3)]));
            let first = path.split('/').nth(1).unwrap();
            let prefix = format!("/{}", if next(4) == 0 { "{any}" } else { first });
            app = match next(2) {
                0 => Router::new().nest(&prefix, app),
                _ => Router::new().nest_service(&prefix, app),
            };
        }
        for _ in 0..next(3) {
            path.push_str(&format!("/{}", words[next(words.len())]));
        }
        let target = if path.is_empty() { "/".to_owned() } else { path };
        let response = ask(&app, &target, &member()).await;
        let decoded = percent_encoding::percent_decode_str(&target).decode_utf8().unwrap();
        let asked = asked.lock().unwrap();
        match response.status().as_u16() {
            200 => assert_eq!(*asked, [decoded.into_owned()], "{target}"),
            status => {
                assert!(matches!(status, 403 | 404), "{target}");
                assert!(asked.is_empty(), "{target}");
            }
        }
    }
}

/// Routes compare the path as it was sent, so another spelling of theirs is somebody else's.
#[tokio::test]
async fn r171_another_spelling_of_the_auth_routes_is_not_public() {
    let auth = World::new().auth;
    let app = Router::new().merge(auth.routes()).fallback(async || "the rest");
    let guard = Guard::new(auth.clone()).build().unwrap();
    for (path, is_public) in [
        ("/api/auth", true),
        ("/api/auth/csrf", true),
        ("/api/auth/%63srf", true),
        ("/api/%61uth/csrf", false),
        ("/%61pi/auth", false),
        ("/api/authx", false),
        ("/api/auth/../account", false),
    ] {
        assert_eq!(guard.is_public(path), is_public, "{path}");
    }
    let app = app.layer(guard).with_state(auth);
    assert_eq!(ask(&app, "/api/auth/csrf", &HeaderMap::new()).await.status(), 200);
    for path in ["/api/%61uth/csrf", "/%61pi/auth/session", "/api/%61uth"] {
        assert_eq!(ask(&app, path, &HeaderMap::new()).await.status(), 302, "{path}");
    }
    let nested = Router::new().nest("/api", Router::new().fallback(async || "the rest"));
    let nested = nested.layer(Guard::new(World::new().auth).build().unwrap());
    assert_eq!(ask(&nested, "/api/%61uth/x", &HeaderMap::new()).await.status(), 302);
}

#[test]
fn r190_a_guard_that_cannot_work_is_not_built() {
    let world = World::new();
    let guard = || Guard::new(world.auth.clone());
    let refused = |guard: Guard<DefaultSession>| guard.build().unwrap_err().to_string();
    assert!(refused(guard().public("login")).contains("`public(\"login\")` matches no request"));
    assert!(refused(guard().public_below("/")).contains("makes every path public"));
    assert!(refused(guard().mounted_at("/")).contains("leave it out"));
    let twice = guard().authorized(|_, _| true).authorized(|_, _| false);
    assert!(refused(twice).contains("given twice"));
    assert!(refused(guard().mounted_at("/a").mounted_at("/b")).contains("given twice"));
    // All at once.
    let error = refused(guard().public("login").public_below("/a/*").public("/b?c").public("/ok"));
    for part in ["`/login`", "/a/*", "/b?c"] {
        assert!(error.contains(part), "{error}");
    }
    assert!(!error.contains("/ok"), "{error}");
    let layer = guard().public("/%C3%BCber").public("/a b").build().unwrap();
    for path in ["/über", "/%C3%BCber", "/%c3%bcber", "/a%20b"] {
        assert!(layer.is_public(path), "{path}");
    }
}
