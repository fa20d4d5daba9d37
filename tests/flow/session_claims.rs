//! Claims that a `jwt` callback changes while a session is read: they reach the browser, or the
//! callback knows that they do not.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::Full;
use serde_json::json;
use tower::ServiceExt as _;
use typegate::cookie::{Anywhere, CookieName, CookiePolicy, Cookies};
use typegate::guard::Guard;
use typegate::hooks::{Callbacks, SessionRequest, TokenRequest, Trigger};
use typegate::slot::Given;
use typegate::testing::Browser;
use typegate::{
    Auth, CallbackError, Claims, DefaultSession, ErrorCode, Session, SessionLayer, TokenSet,
};

use super::support::{Database, NOW, SECRET, World, open, seal, world};

const NAME: &str = "next-auth.session-token";

/// The callback of `Callbacks::jwt`'s page.
async fn claims(request: TokenRequest) -> Result<Claims, CallbackError> {
    let mut claims = request.token;
    if let Some(account) = &request.account {
        claims.insert("tokens", &account.tokens);
    }
    let tokens = claims.get::<TokenSet>("tokens");
    let (Some(refresher), Some(tokens)) = (request.refresher, tokens) else {
        return Ok(claims);
    };
    match refresher.refresh_if_due("idp", &tokens).await {
        Ok(None) => {}
        Ok(Some(fresh)) => claims.insert("tokens", fresh),
        Err(error) if error.needs_sign_in() => {
            claims.remove("tokens");
            claims.insert("error", "RefreshTokenError");
        }
        Err(_) => {}
    }
    Ok(claims)
}

fn refreshing() -> Callbacks<DefaultSession, Given> {
    Callbacks::new().jwt(claims)
}

async fn page(session: Session) -> String {
    session.0.user.name.unwrap_or_default()
}

/// A page in all the ways in which a session is read while it is served, and whether they can send
/// a cookie.
fn applications(auth: &Auth) -> Vec<(&'static str, Router, bool)> {
    let extractor = || Router::new().route("/page", get(page)).with_state(auth.clone());
    let guard = || Guard::new(auth.clone()).build().unwrap();
    let blind = Router::new().route("/page", get(async || "Jane Doe"));
    let with_auth = auth.clone();
    let by_hand = Router::new().route(
        "/page",
        get(move |headers: HeaderMap| {
            let auth = with_auth.clone();
            async move {
                let (session, cookies) = auth.session_and_cookies(&headers).await;
                let name = session.unwrap().unwrap().user.name.unwrap();
                let mut response = Response::new(Body::from(name));
                cookies.append_to(response.headers_mut());
                response
            }
        }),
    );
    vec![
        ("guard", blind.layer(guard()), true),
        ("guard and extractor", extractor().layer(guard()), true),
        ("two guards", extractor().layer(guard()).layer(guard()), true),
        (
            "public at the guard",
            extractor().layer(Guard::new(auth.clone()).public("/page").build().unwrap()),
            true,
        ),
        ("extractor and layer", extractor().layer(SessionLayer::new()), true),
        ("nested layers", extractor().layer(SessionLayer::new()).layer(SessionLayer::new()), true),
        ("by hand", by_hand, true),
        ("route", Router::new().merge(auth.routes()), true),
        ("extractor alone", extractor(), false),
    ]
}

/// A world whose visitor has tokens of a provider that takes each refresh token once, and the
/// session's cookie.
async fn signed_in() -> (World, String) {
    let mut world = world!(site => site.callbacks(refreshing()).build().unwrap());
    world.sign_in("idp").await;
    let header = world.browser.cookie_header();
    let _ = world.idp.requests();
    (world, header)
}

async fn ask(app: &Router, cookies: &str) -> Response<Body> {
    let path = if cookies.is_empty() { "/" } else { "/page" };
    let request = Request::get(path).header("cookie", cookies).body(Body::empty()).unwrap();
    let response = app.clone().oneshot(request).await.unwrap();
    if response.status() != 404 {
        return response;
    }
    let request = Request::get("/api/auth/session").header("cookie", cookies);
    app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

/// The `Cookie` header that a browser has after an answer.
fn after(response: &Response<Body>, before: &str) -> String {
    let lines = response.headers().get_all("set-cookie").iter();
    let mut header = before.to_owned();
    for line in lines {
        let pair = line.to_str().unwrap().split(';').next().unwrap();
        let (name, value) = pair.split_once('=').unwrap();
        let others = header.split("; ").filter(|pair| !pair.starts_with(&format!("{name}=")));
        header = others.collect::<Vec<_>>().join("; ");
        if !value.is_empty() {
            header.push_str(&format!("; {pair}"));
        }
    }
    header
}

fn claims_of(cookies: &str) -> serde_json::Value {
    let mut chunks: Vec<(usize, &str)> = cookies
        .split("; ")
        .filter_map(|pair| pair.split_once('='))
        .filter_map(|(name, value)| {
            let rest = name.strip_prefix(NAME)?;
            Some((rest.trim_start_matches('.').parse().unwrap_or_default(), value))
        })
        .collect();
    chunks.sort_unstable();
    open(&chunks.into_iter().map(|(_, value)| value).collect::<String>(), SECRET, "")
}

fn refreshes(world: &World) -> usize {
    let requests = world.idp.requests();
    requests.iter().filter(|request| request.form.contains_key("refresh_token")).count()
}

#[tokio::test]
async fn r188_whatever_reads_a_session_sends_what_it_changed() {
    let (world, first) = signed_in().await;
    for (name, app, sends) in applications(&world.auth) {
        let (world, mut cookies) =
            if sends { signed_in().await } else { (World::new(), first.clone()) };
        let app = match sends {
            true => {
                let all = applications(&world.auth);
                all.into_iter().find(|(other, ..)| *other == name).unwrap().1
            }
            false => app,
        };
        // Far longer than any outcome is shared, and each time the tokens are due.
        for round in 0..4 {
            world.clock.advance(3600);
            let response = ask(&app, &cookies).await;
            assert_eq!(response.status(), 200, "{name}, {round}");
            assert_eq!(response.headers().contains_key("set-cookie"), sends, "{name}, {round}");
            if sends {
                let cache = response.headers().get("cache-control").unwrap();
                assert_eq!(cache, "private, no-cache, no-store", "{name}");
            }
            cookies = after(&response, &cookies);
        }
        let token = claims_of(&cookies)["tokens"]["refresh_token"].clone();
        let expected = if sends { "rt-secret-5" } else { "rt-secret-1" };
        assert_eq!(token, expected, "{name}");
        assert_eq!(refreshes(&world), if sends { 4 } else { 0 }, "{name}");
    }
}

/// Nothing that is not changed is sent, but for a session that is a day old.
#[tokio::test]
async fn r188_what_did_not_change_is_not_sent() {
    let (world, cookies) = signed_in().await;
    for (name, app, _) in applications(&world.auth) {
        if name != "route" {
            let response = ask(&app, &cookies).await;
            assert!(!response.headers().contains_key("set-cookie"), "{name}");
        }
    }
    // Claims made anew with the same words are the same; the times are those of the next token.
    let anew = Callbacks::new().jwt(|request: TokenRequest| async move {
        let mut claims = Claims::default();
        claims.insert("sub", request.token.subject());
        claims.insert("name", "Jane Doe");
        Ok(claims)
    });
    let world = world!(site => site.callbacks(anew).build().unwrap());
    let token = seal(
        &json!({ "name": "Jane Doe", "sub": "1", "jti": "x", "iat": NOW, "exp": NOW + 3600 }),
        SECRET,
        "",
    );
    let (_, app, _) = applications(&world.auth).remove(0);
    let response = ask(&app, &format!("{NAME}={token}")).await;
    assert!(!response.headers().contains_key("set-cookie"));
    let token =
        seal(&json!({ "name": "J", "sub": "1", "iat": NOW, "exp": NOW + 3600 }), SECRET, "");
    let response = ask(&app, &format!("{NAME}={token}")).await;
    assert!(response.headers().contains_key("set-cookie"));
}

/// A page that fires ten requests at a time, and some that were sent before the first answer came.
#[tokio::test]
async fn r188_requests_at_once_with_one_refresh_token_all_go_on() {
    let (world, old) = signed_in().await;
    let (_, app, _) = applications(&world.auth).remove(1);
    world.clock.advance(3600);
    let mut requests = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let (app, old) = (app.clone(), old.clone());
        requests.spawn(async move { ask(&app, &old).await });
    }
    let mut answers = requests.join_all().await;
    for late in [1, 20, 38] {
        world.clock.advance(late);
        answers.push(ask(&app, &old).await);
    }
    assert_eq!(refreshes(&world), 1);
    // Whichever answer a browser keeps: it has the new tokens, and goes on by them.
    for answer in &answers {
        assert_eq!(answer.status(), 200);
        let cookies = after(answer, &old);
        assert_eq!(claims_of(&cookies)["tokens"]["refresh_token"], "rt-secret-2");
    }
    world.clock.advance(3600);
    let answer = ask(&app, &after(&answers[7], &old)).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(claims_of(&after(&answer, &old))["tokens"]["refresh_token"], "rt-secret-3");
}

#[tokio::test]
async fn r188_a_refused_refresh_token_costs_the_tokens_and_no_page() {
    for (answer, signs_in_again) in [
        (Some((400, r#"{"error":"invalid_grant"}"#)), true),
        (Some((200, r#"{"error":"bad_refresh_token"}"#)), true),
        (Some((401, r#"{"error":"invalid_client"}"#)), false),
        (Some((503, "busy")), false),
        (None, false),
    ] {
        let (world, mut cookies) = signed_in().await;
        world.clock.advance(3600);
        world.idp.change(|idp| {
            let answer = answer.map(|(status, body)| (status, "application/json", body.into()));
            idp.broken.insert("/token", answer);
        });
        let (_, app, _) = applications(&world.auth).remove(1);
        for _ in 0..3 {
            let response = ask(&app, &cookies).await;
            assert_eq!(response.status(), 200, "{answer:?}");
            cookies = after(&response, &cookies);
            world.clock.advance(61);
        }
        let claims = claims_of(&cookies);
        assert_eq!(claims.get("tokens").is_none(), signs_in_again, "{answer:?}");
        assert_eq!(claims.get("error").is_some(), signs_in_again, "{answer:?}");
        world.idp.change(|idp| drop(idp.broken.remove("/token")));
        let response = ask(&app, &cookies).await;
        assert_eq!(response.status(), 200);
        if !signs_in_again {
            let claims = claims_of(&after(&response, &cookies));
            assert_eq!(claims["tokens"]["refresh_token"], "rt-secret-2", "{answer:?}");
        }
    }
}

/// The claims are sent whatever becomes of the request.
#[tokio::test]
async fn r188_changed_claims_are_sent_with_a_refusal_too() {
    async fn shown(request: SessionRequest) -> Result<Option<DefaultSession>, CallbackError> {
        static ROUND: AtomicUsize = AtomicUsize::new(0);
        match (request.trigger, ROUND.fetch_add(1, Ordering::SeqCst) % 2) {
            (Trigger::Read, 0) => Ok(None),
            (Trigger::Read, _) => Err(CallbackError::new("roles.internal is down")),
            _ => Ok(Some(request.session)),
        }
    }
    let callbacks = refreshing().session(shown);
    let mut world = world!(site => site.callbacks(callbacks).build().unwrap());
    world.sign_in("idp").await;
    let mut cookies = world.browser.cookie_header();
    let guard = Guard::new(world.auth.clone()).build().unwrap();
    let app = Router::new().route("/page", get(async || "in")).layer(guard);
    let routes: Router = Router::new().merge(world.auth.routes());
    for (app, status) in [(&app, 401), (&app, 500), (&routes, 200), (&routes, 200)] {
        world.clock.advance(3600);
        let response = ask(app, &cookies).await;
        assert_eq!(response.status(), status);
        assert!(response.headers().contains_key("set-cookie"), "{status}");
        cookies = after(&response, &cookies);
    }
    assert_eq!(claims_of(&cookies)["tokens"]["refresh_token"], "rt-secret-5");

    let (world, cookies) = signed_in().await;
    let nobody = Guard::new(world.auth.clone()).authorized(|_, _| false).build().unwrap();
    let app = Router::new().route("/page", get(async || "in")).layer(nobody);
    world.clock.advance(3600);
    let response = ask(&app, &cookies).await;
    assert_eq!(response.status(), 403);
    let cookies = after(&response, &cookies);
    assert_eq!(claims_of(&cookies)["tokens"]["refresh_token"], "rt-secret-2");
}

#[tokio::test]
async fn r188_a_change_that_cannot_be_sent_is_said_once() {
    let counting = Callbacks::new().jwt(|request: TokenRequest| async move {
        let mut claims = request.token;
        assert_eq!(request.refresher.is_some(), request.trigger != Trigger::Read);
        let seen = claims.get::<u64>("seen").unwrap_or_default();
        claims.insert("seen", seen + 1);
        Ok(claims)
    });
    let mut world = world!(site => site.callbacks(counting).build().unwrap());
    world.sign_in("idp").await;
    world.lines.take();
    let mut headers = HeaderMap::new();
    headers.insert("cookie", world.browser.cookie_header().parse().unwrap());
    for _ in 0..3 {
        let session = world.auth.session(&headers).await.unwrap();
        assert_eq!(session.unwrap().user.name.as_deref(), Some("Jane Doe"));
    }
    let lines = world.lines.take();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].code, ErrorCode::SessionCookieNotSent.as_str());
    assert!(lines[0].message.contains(".layer(SessionLayer::new())"));
}

/// The row of a session in use is moved only where its cookie goes out too.
#[tokio::test]
async fn r188_a_stored_session_and_its_cookie_go_on_together() {
    let database = Database::default();
    let mut world = world!(site => site.adapter(database.clone()).build().unwrap());
    world.sign_in("idp").await;
    let cookies = world.browser.cookie_header();
    world.clock.advance(2 * 24 * 3600);
    for (name, app, sends) in applications(&world.auth).into_iter().rev() {
        let response = ask(&app, &cookies).await;
        assert_eq!(response.status(), 200, "{name}");
        // The first that can sends it, and the route always does.
        let expected = name == "route" || sends && name == "by hand";
        assert_eq!(response.headers().contains_key("set-cookie"), expected, "{name}");
        if name == "route" {
            world.clock.advance(2 * 24 * 3600);
        }
    }
}

/// A sign-out that the application answers itself behind a guard stays one.
#[tokio::test]
async fn r188_a_sign_out_behind_a_guard_is_not_undone() {
    let (world, cookies) = signed_in().await;
    let gone = format!("{NAME}=; Max-Age=0; Path=/");
    let expected = gone.clone();
    let guard = Guard::new(world.auth.clone()).build().unwrap();
    let app = Router::new()
        .route("/page", get(async move || ([("set-cookie", gone)], "bye")))
        .layer(guard);
    // A day later the guard would send the cookie anew.
    world.clock.advance(2 * 24 * 3600);
    let response = ask(&app, &cookies).await;
    let lines: Vec<_> = response.headers().get_all("set-cookie").iter().collect();
    assert_eq!(lines, [&expected]);
}

/// Another configuration's session is nobody's, whatever its type.
#[tokio::test]
async fn r188_a_session_that_a_guard_found_is_of_its_own_configuration() {
    let (world, cookies) = signed_in().await;
    let other = World::new();
    let guard = Guard::new(other.auth.clone()).build().unwrap();
    let token = seal(&json!({ "name": "Eve", "iat": NOW, "exp": NOW + 3600 }), SECRET, "");
    let strangers = world!(site => {
        let name = CookieName::new("other").unwrap();
        let names = Cookies::new().session_token(CookiePolicy::<Anywhere>::new(name));
        site.cookies(names).build().unwrap()
    });
    let app =
        Router::new().route("/page", get(page)).with_state(strangers.auth.clone()).layer(guard);
    let response = ask(&app, &format!("{NAME}={token}")).await;
    assert_eq!(response.status(), 401);
    drop((world, cookies));
}

/// The whole thing as an application would test it.
#[tokio::test]
async fn r188_a_browser_stays_signed_in_while_tokens_rotate() {
    let parts = super::support::Parts::new();
    let idp = parts.idp.clone();
    idp.change(|idp| drop(idp.response.insert("expires_in", Some(30.into()))));
    let world = {
        let site = super::support::site!(parts.clock)
            .provider(parts.idp.oidc())
            .http_client(super::support::client_of(&[&parts.idp]));
        parts.into_world(site.callbacks(refreshing()).build().unwrap())
    };
    let app: Router = Router::new()
        .route("/page", get(page))
        .merge(world.auth.routes())
        .with_state(world.auth.clone())
        .layer(SessionLayer::new());
    let app = app.map_request(|request: Request<Full<Bytes>>| request.map(Body::new));
    let mut browser = Browser::new(app);
    browser.sign_in("idp", &idp).await.unwrap();
    for round in 0..6 {
        world.clock.advance(90);
        assert_eq!(browser.get("/page").await.unwrap().body(), "Jane Doe", "{round}");
        // The session route sends the cookie too, which would hide that the page does not.
        if round % 3 < 2 {
            continue;
        }
        let session = browser.get("/api/auth/session").await.unwrap();
        assert!(String::from_utf8_lossy(session.body()).contains("jane@example.com"));
    }
}
