//! The guard and the extractors in an axum application.

use axum::Router;
use axum::body::Body;
use axum::extract::FromRef;
use axum::routing::{any, get};
use http::header::ACCEPT;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::json;
use tower::ServiceExt as _;
use typegate::guard::Guard;
use typegate::hooks::Callbacks;
use typegate::{Auth, CallbackError, DefaultSession, Pages, Session};

use super::support::{
    Database, NOW, ORIGIN, Operation, SECRET, World, credentials, seal, sign_rs256, world,
};

const NAME: &str = "next-auth.session-token";

/// An application that is for its users, but for a few paths.
fn guarded(auth: &Auth, guard: Guard<DefaultSession>) -> Router {
    async fn inside(session: Option<Session>) -> String {
        session.and_then(|session| session.0.user.name).unwrap_or_else(|| "nobody".into())
    }
    Router::new()
        .route("/", get(inside))
        .route("/blind", get(async || "let in"))
        .route("/{*path}", any(inside))
        .with_state(auth.clone())
        .layer(guard.build().unwrap())
}

fn public(auth: &Auth) -> Guard<DefaultSession> {
    Guard::new(auth.clone()).public("/").public("/about").public_below("/assets/")
}

async fn ask(app: &Router, method: Method, path: &str, headers: &HeaderMap) -> Response<Body> {
    let mut request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    *request.headers_mut() = headers.clone();
    app.clone().oneshot(request).await.unwrap()
}

/// What a browser sends that goes to a page.
fn page() -> HeaderMap {
    HeaderMap::from_iter([(ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8".parse().unwrap())])
}

fn cookie(token: &str) -> HeaderMap {
    let mut headers = page();
    headers.insert("cookie", format!("{NAME}={token}").parse().unwrap());
    headers
}

fn good_token() -> String {
    seal(&json!({ "name": "Ada", "sub": "1", "iat": NOW, "exp": NOW + 3600 }), SECRET, "")
}

async fn text(response: Response<Body>) -> String {
    let body = response.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(body.to_vec()).unwrap()
}

fn location(response: &Response<Body>) -> &str {
    response.headers()["location"].to_str().unwrap()
}

#[tokio::test]
async fn r226_own_pages_for_who_is_not_signed_in_are_not_denied() {
    let own = Pages::new()
        .sign_in("/login?from=auth")
        .error(format!("{ORIGIN}/%6fops"))
        .verify_request("/sent")
        .sign_out("/bye")
        .new_user("/welcome");
    let world = world!(site => site.provider(credentials()).pages(own).build().unwrap());
    let app = guarded(&world.auth, Guard::new(world.auth.clone()));
    let denied = async |path: &str| {
        let response = ask(&app, Method::GET, path, &page()).await;
        assert!([200, 302].contains(&response.status().as_u16()), "{path}");
        response.status() == 302
    };
    for path in ["/login", "/login?callbackUrl=%2F", "/%6Cogin", "/oops", "/sent"] {
        assert!(!denied(path).await, "{path}");
    }
    for path in ["/", "/login/", "/login/x", "/Login", "/bye", "/welcome", "/blind", "/sent/.."] {
        assert!(denied(path).await, "{path}");
    }
}

#[tokio::test]
async fn r171_everything_is_denied_that_is_not_named() {
    let world = World::new();
    let app = guarded(&world.auth, public(&world.auth));
    let (none, ada) = (page(), cookie(&good_token()));
    for path in ["/", "/about", "/assets", "/assets/", "/assets/a/b.css", "/api/auth/session"] {
        assert_eq!(ask(&app, Method::GET, path, &none).await.status(), 200, "{path}");
    }
    for path in [
        "/admin",
        "/About",
        "/about/",
        "/about/x",
        "/aboutx",
        "/assetsevil",
        "/api/authx",
        "/api",
        "/assets/../admin",
        "/assets/%2e%2e/admin",
        "/assets/..%2fadmin",
        "/assets%2f..%2fadmin",
        "/assets/./a",
        "//assets/a",
        "/assets//a",
        "/assets/%5c..%5cadmin",
        "/assets;/a",
        "/%61ssets%252f",
        "/favicon.ico/../admin",
        "/_nextevil",
        "/admin?x=/assets/",
        "/admin?/about",
    ] {
        let response = ask(&app, Method::GET, path, &none).await;
        assert_eq!(response.status(), 302, "{path}");
        assert!(location(&response).starts_with("/api/auth/signin?callbackUrl=%2F"), "{path}");
        assert_eq!(text(response).await, "");
        assert_eq!(text(ask(&app, Method::GET, path, &ada).await).await, "Ada", "{path}");
    }
}

#[tokio::test]
async fn what_is_not_a_page_is_401() {
    let world = World::new();
    let app = guarded(&world.auth, public(&world.auth));
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
        let response = ask(&app, method.clone(), "/admin", &page()).await;
        assert_eq!(response.status(), 401, "{method}");
        assert_eq!(ask(&app, method, "/admin", &cookie(&good_token())).await.status(), 200);
    }
    assert_eq!(ask(&app, Method::HEAD, "/admin", &page()).await.status(), 302);
}

#[tokio::test]
async fn r134_the_way_back_is_a_path_of_this_site() {
    let mut world = World::new();
    let app = guarded(&world.auth, public(&world.auth));
    for (path, back) in [
        ("/a?b=c&d=e", "/a?b=c&d=e"),
        ("//evil.example/x", "/evil.example/x"),
        ("///evil.example", "/evil.example"),
        ("/%2f%2fevil.example", "/%2f%2fevil.example"),
        ("/a?callbackUrl=https://evil.example", "/a?callbackUrl=https://evil.example"),
    ] {
        let mut headers = page();
        headers.insert("referer", "https://evil.example/".parse().unwrap());
        headers.insert("host", "evil.example".parse().unwrap());
        let response = ask(&app, Method::GET, path, &headers).await;
        let target = location(&response).strip_prefix("/api/auth/signin?callbackUrl=").unwrap();
        assert!(!target.contains(['/', '&', '?', ':']), "{target}");
        let decoded = percent_encoding::percent_decode_str(target).decode_utf8().unwrap();
        assert_eq!(decoded, back);
        let page = world.browser.get(location(&response)).await;
        let origin = "http%3A%2F%2Flocalhost%3A3000%2F";
        assert!(world.browser.jar.value("next-auth.callback-url").unwrap().starts_with(origin));
        assert_eq!(page.status(), 200);
    }
    assert_eq!(world.auth.sign_in_address("/\\evil"), "/api/auth/signin?callbackUrl=%2Fevil");
    assert_eq!(world.auth.sign_in_address("\\\\evil"), "/api/auth/signin?callbackUrl=%2Fevil");
}

#[tokio::test]
async fn r140_no_header_stands_for_a_session() {
    let world = World::new();
    let app = guarded(&world.auth, public(&world.auth));
    let token = good_token();
    for (name, value) in [
        ("x-middleware-subrequest", "middleware:middleware:middleware"),
        ("x-user", "ada"),
        ("x_user", "ada"),
        ("x-forwarded-user", "ada"),
        ("remote-user", "ada"),
        ("x-auth-session", &token),
        ("authorization", &format!("Bearer {token}")),
        ("authorization", "Bearer %"),
        ("user-agent", "kube-probe/1.30"),
        ("x-original-url", "/about"),
        ("x-rewrite-url", "/about"),
        ("x-forwarded-uri", "/about"),
        ("x-http-method-override", "OPTIONS"),
        ("cookie", &format!("x{NAME}={token}")),
        ("cookie", &format!("__Secure-{NAME}={token}")),
    ] {
        let mut headers = page();
        headers.insert(name.parse::<http::HeaderName>().unwrap(), value.parse().unwrap());
        let response = ask(&app, Method::GET, "/admin", &headers).await;
        assert_eq!(response.status(), 302, "{name}");
    }
}

#[tokio::test]
async fn r095_an_invalid_session_is_none_here_too() {
    let world = World::new();
    let app = guarded(&world.auth, public(&world.auth));
    let claims = json!({ "name": "Eve", "sub": "1", "iat": NOW, "exp": NOW + 3600 });
    let expired = json!({ "name": "Eve", "sub": "1", "iat": NOW, "exp": NOW - 60 });
    for token in [
        "garbage".to_owned(),
        seal(&expired, SECRET, ""),
        seal(&claims, "another secret that is long enough too", ""),
        seal(&claims, SECRET, "next-auth.state"),
        sign_rs256(r#"{"alg":"RS256","kid":"one"}"#, &claims.to_string()),
        format!("{}x", seal(&claims, SECRET, "")),
    ] {
        let response = ask(&app, Method::GET, "/admin", &cookie(&token)).await;
        assert_eq!(response.status(), 302);
        assert!(world.auth.session(&cookie(&token)).await.unwrap().is_none());
        let outside = ask(&app, Method::GET, "/about", &cookie(&token)).await;
        assert_eq!(text(outside).await, "nobody");
    }
}

#[tokio::test]
async fn r163_a_failure_is_500_and_never_a_pass() {
    let database = Database::default();
    let mut world = world!(site => site.adapter(database.clone()).build().unwrap());
    world.sign_in("idp").await;
    let headers = cookie(world.browser.jar.value(NAME).unwrap());
    let app = guarded(&world.auth, public(&world.auth));
    assert_eq!(ask(&app, Method::GET, "/admin", &headers).await.status(), 200);
    database.fail_at(&[Operation::SessionAndUser]);
    // Behind `/blind` nothing asks again.
    for path in ["/admin", "/about", "/blind"] {
        let response = ask(&app, Method::GET, path, &headers).await;
        assert_eq!(response.status(), 500, "{path}");
        assert!(!text(response).await.contains("db.internal"));
    }
    assert!(world.auth.session(&headers).await.unwrap_err().is_adapter());
    database.fail_at(&[]);
    assert_eq!(ask(&app, Method::GET, "/admin", &headers).await.status(), 200);

    let failing = Callbacks::new().jwt(|_| async { Err(CallbackError::new("no")) });
    let world = world!(site => site.callbacks(failing).build().unwrap());
    let app = guarded(&world.auth, public(&world.auth));
    let response = ask(&app, Method::GET, "/admin", &cookie(&good_token())).await;
    assert_eq!(response.status(), 500);
    let error = world.auth.session(&cookie(&good_token())).await.unwrap_err();
    assert!(error.is_callback() && !error.is_adapter());
}

#[tokio::test]
async fn r163_a_session_callback_that_shows_nobody_lets_nobody_in() {
    let callbacks = Callbacks::new().session(|_| async { Ok(None::<String>) });
    let world = world!(site => site.callbacks(callbacks).build().unwrap());
    assert_eq!(world.auth.session(&cookie(&good_token())).await.unwrap(), None);
    // A body that is not of the type is an error, not a session.
    let wrong = Callbacks::new().session(|_| async { Ok(Odd) });
    let world = world!(site => site.callbacks(wrong).build().unwrap());
    assert!(world.auth.session(&cookie(&good_token())).await.unwrap_err().is_callback());
}

/// Is written as a number and read as text.
#[derive(Clone, Debug)]
struct Odd;

impl serde::Serialize for Odd {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i32(7)
    }
}

impl<'de> serde::Deserialize<'de> for Odd {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <String as serde::Deserialize>::deserialize(deserializer).map(|_| Self)
    }
}

#[tokio::test]
async fn authorized_decides_by_session_and_path() {
    let world = World::new();
    let guard = public(&world.auth).authorized(|session, path| {
        session.user.name.as_deref() == Some("Ada") && path.starts_with("/admin")
    });
    let app = guarded(&world.auth, guard);
    let ada = cookie(&good_token());
    assert_eq!(ask(&app, Method::GET, "/admin/x", &ada).await.status(), 200);
    assert_eq!(ask(&app, Method::GET, "/other", &ada).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(ask(&app, Method::GET, "/about", &ada).await.status(), 200);
    assert_eq!(ask(&app, Method::GET, "/admin", &page()).await.status(), 302);
}

#[tokio::test]
async fn a_session_in_use_is_kept_alive_once_a_day() {
    let world = World::new();
    let app = guarded(&world.auth, public(&world.auth));
    for (age, renewed) in [(0, false), (86_399, false), (86_400, true)] {
        let claims = json!({ "name": "Ada", "iat": NOW - age, "exp": NOW + 3600 });
        let headers = cookie(&seal(&claims, SECRET, ""));
        let response = ask(&app, Method::GET, "/admin", &headers).await;
        assert_eq!(response.headers().contains_key("set-cookie"), renewed, "{age}");
    }
}

/// State with more in it than the configuration.
#[derive(Clone, FromRef)]
struct State {
    auth: Auth,
    greeting: &'static str,
}

#[tokio::test]
async fn extractors_work_without_a_guard() {
    async fn needed(
        axum::extract::State(greeting): axum::extract::State<&'static str>,
        Session(session): Session,
    ) -> String {
        format!("{greeting} {}", session.user.name.unwrap_or_default())
    }
    async fn optional(session: Option<Session>) -> String {
        session.is_some().to_string()
    }
    let world = world!(site => site.provider(credentials()).build().unwrap());
    let app = Router::new()
        .route("/needed", any(needed))
        .route("/optional", get(optional))
        .merge(world.auth.routes())
        .with_state(State { auth: world.auth.clone(), greeting: "Hello" });
    let ada = cookie(&good_token());
    let (page, none) = (page(), HeaderMap::new());
    assert_eq!(text(ask(&app, Method::GET, "/needed", &ada).await).await, "Hello Ada");
    assert_eq!(text(ask(&app, Method::GET, "/optional", &ada).await).await, "true");
    assert_eq!(text(ask(&app, Method::GET, "/optional", &none).await).await, "false");
    assert_eq!(ask(&app, Method::GET, "/needed", &none).await.status(), 401);
    assert_eq!(ask(&app, Method::POST, "/needed", &page).await.status(), 401);
    let sent = ask(&app, Method::GET, "/needed?a=b", &page).await;
    assert_eq!(sent.status(), 302);
    assert_eq!(location(&sent), "/api/auth/signin?callbackUrl=%2Fneeded%3Fa%3Db");
    // The routes answer behind the same router.
    let routes = ask(&app, Method::GET, "/api/auth/session", &none).await;
    assert_eq!(text(routes).await, "{}");
    assert_eq!(ask(&app, Method::GET, "/api/auth", &none).await.status(), 500);
    assert_eq!(ask(&app, Method::GET, "/api/authx", &none).await.status(), 404);
}

/// A method, who asks with it, the status of the answer, and the header that it has.
type Asker =
    (&'static str, &'static [(&'static str, &'static str)], &'static str, [&'static str; 2]);

const ASKERS: [Asker; 12] = [
    ("GET", &[("sec-fetch-mode", "navigate"), ("accept", "text/html")], "302", ["location", BACK]),
    ("GET", &[("accept", "text/html,*/*;q=0.8")], "302", ["location", BACK]),
    ("HEAD", &[("accept", "text/html")], "302", ["location", BACK]),
    ("GET", &[], "401", ["content-type", "application/json"]),
    ("GET", &[("accept", "*/*")], "401", ["content-type", "application/json"]),
    ("GET", &[("accept", "application/json")], "401", ["content-type", "application/json"]),
    (
        "GET",
        &[("accept", "text/html"), ("sec-fetch-mode", "cors")],
        "401",
        ["content-type", "application/json"],
    ),
    ("POST", &[("accept", "text/html")], "401", ["content-type", "application/json"]),
    // htmx leads back to the page that it is on, and not to the part that it asked for.
    ("GET", &[("hx-request", "true"), ("accept", "text/html")], "401", ["hx-redirect", BACK]),
    (
        "POST",
        &[("hx-request", "true"), ("hx-current-url", "https://any.example/page?a=b#c")],
        "401",
        ["hx-redirect", "/api/auth/signin?callbackUrl=%2Fpage%3Fa%3Db"],
    ),
    (
        "GET",
        &[
            ("hx-request", "true"),
            ("hx-boosted", "true"),
            ("hx-current-url", "https://a.example/x"),
        ],
        "401",
        ["hx-redirect", BACK],
    ),
    (
        "GET",
        &[("hx-request", "true"), ("hx-current-url", "https://a.example//evil.example/x")],
        "401",
        ["hx-redirect", "/api/auth/signin?callbackUrl=%2Fevil.example%2Fx"],
    ),
];
const BACK: &str = "/api/auth/signin?callbackUrl=%2Fa%2Fneeded%3Fx%3D1";

/// What decides about an answer, so that no cache gives it to somebody else.
const DECIDED_BY: &str = "cookie, accept, sec-fetch-mode, hx-request, hx-boosted, hx-current-url";

/// The whole response: status, the headers but for the length and `Vary`, which is always the same,
/// and the body.
async fn whole(response: Response<Body>) -> (u16, Vec<(String, String)>, String) {
    let status = response.status().as_u16();
    assert_eq!(response.headers()["vary"], DECIDED_BY);
    let headers = response.headers().iter();
    let headers = headers.filter(|(name, _)| *name != "content-length" && *name != "vary");
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().into()));
    (status, headers.collect(), text(response).await)
}

#[tokio::test]
async fn guard_and_extractor_answer_alike_by_who_asks() {
    async fn needed(_: Session) -> &'static str {
        "in"
    }
    let world = World::new();
    let inner = || Router::new().route("/needed", any(needed)).with_state(world.auth.clone());
    let extractor = Router::new().nest("/a", inner());
    let guard = Guard::new(world.auth.clone()).build().unwrap();
    let guarded = Router::new().nest("/a", inner()).layer(guard);
    for (method, lines, status, [name, value]) in ASKERS {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        let method: Method = method.parse().unwrap();
        let body = if name == "content-type" { r#"{"error":"SessionRequired"}"# } else { "" };
        let header = (name.to_owned(), value.to_owned());
        let expected = (status.parse().unwrap(), vec![header], body.to_owned());
        for app in [&extractor, &guarded] {
            let answer = ask(app, method.clone(), "/a/needed?x=1", &headers).await;
            assert_eq!(whole(answer).await, expected, "{method} {lines:?}");
        }
        let mut member = cookie(&good_token());
        member.extend(headers);
        for app in [&extractor, &guarded] {
            assert_eq!(ask(app, method.clone(), "/a/needed", &member).await.status(), 200);
        }
    }
}

#[tokio::test]
async fn who_may_not_pass_is_told_so_in_json_if_it_is_a_program() {
    let world = World::new();
    let app = guarded(&world.auth, public(&world.auth).authorized(|_, _| false));
    let page = cookie(&good_token());
    let mut program = page.clone();
    program.insert(ACCEPT, "application/json".parse().unwrap());
    let answer = whole(ask(&app, Method::GET, "/admin", &page).await).await;
    assert_eq!(answer, (403, vec![], String::new()));
    let answer = whole(ask(&app, Method::GET, "/admin", &program).await).await;
    let json = ("content-type".to_owned(), "application/json".to_owned());
    assert_eq!(answer, (403, vec![json], r#"{"error":"AccessDenied"}"#.to_owned()));
}
