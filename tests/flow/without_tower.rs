//! Frameworks whose services are not tower's: the same answers and cookies, by calls.

use std::cell::Cell;
use std::convert::Infallible;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, SET_COOKIE};
use http::{HeaderMap, Request, Response};
use http_body::Frame;
use http_body_util::{BodyExt as _, Full};
use serde_json::json;
use tower::ServiceExt as _;
use typegate::guard::{Guard, GuardLayer};
use typegate::hooks::Callbacks;
use typegate::{Auth, DefaultSession, DueCookies, Session};

use super::support::{NOW, SECRET, World, seal, world};

const COOKIE: &str = "next-auth.session-token";

/// What a framework does that has no layers: one guard, a second one, and a handler that needs a
/// session.
async fn by_calls(
    auth: &Auth,
    guards: &[&GuardLayer<DefaultSession>],
    request: Request<()>,
) -> Response<Bytes> {
    let (mut parts, ()) = request.into_parts();
    let due = DueCookies::of(&mut parts.extensions);
    let mut rejection = None;
    for guard in guards {
        rejection = rejection.or(guard.admit(&mut parts).await.err());
    }
    let mut response = match rejection {
        Some(rejection) => rejection.response(),
        None => match auth.required_session(&parts).await {
            Ok(session) => Response::new(session.user.name.unwrap_or_default().into()),
            Err(rejection) => rejection.response(),
        },
    };
    due.take().append_to(response.headers_mut());
    response
}

/// The same in axum.
async fn by_layers(
    auth: &Auth,
    guards: &[&GuardLayer<DefaultSession>],
    request: Request<()>,
) -> Response<Bytes> {
    async fn handler(Session(session): Session) -> String {
        session.user.name.unwrap_or_default()
    }
    let mut app = Router::new().fallback(handler).with_state(auth.clone());
    for guard in guards.iter().rev() {
        app = app.layer((*guard).clone());
    }
    if guards.is_empty() {
        app = app.layer(typegate::SessionLayer::new());
    }
    let (parts, body) = app.oneshot(request.map(|()| Body::empty())).await.unwrap().into_parts();
    Response::from_parts(parts, body.collect().await.unwrap().to_bytes())
}

type Whole = (u16, Vec<(String, String)>, Bytes);

/// Status, headers without those of a body, and the body.
fn whole(response: &Response<Bytes>) -> Whole {
    let is_own = |name: &str| !["content-length", "content-type"].contains(&name);
    let headers = response.headers().iter().filter(|(name, _)| is_own(name.as_str()));
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().into()));
    (response.status().as_u16(), headers.collect(), response.body().clone())
}

fn sealed(age: i64) -> String {
    let claims = json!({ "name": "Ada", "sub": "1", "iat": NOW - age, "exp": NOW + 3600 });
    format!("{COOKIE}={}", seal(&claims, SECRET, ""))
}

/// A session is sealed anew each time.
fn without_value(whole: Whole) -> Whole {
    let (status, mut headers, body) = whole;
    for (_, value) in headers.iter_mut().filter(|(name, _)| name == "set-cookie") {
        let (name, rest) = value.split_once('=').unwrap();
        *value = format!("{name} {}", rest.split_once(';').unwrap().1);
    }
    (status, headers, body)
}

#[tokio::test]
async fn r171_a_guard_that_is_called_answers_as_its_layer_does() {
    let world = World::new();
    let auth = &world.auth;
    let outer = Guard::new(auth.clone()).public_below("/open").build().unwrap();
    let inner = Guard::new(auth.clone()).public("/open/all").authorized(|_, path| path != "/no");
    let inner = inner.build().unwrap();
    let (fresh, old) = (sealed(0), sealed(86_400));
    let askers: [&[(&str, &str)]; 6] = [
        &[("sec-fetch-mode", "navigate")],
        &[("hx-request", "true"), ("hx-current-url", "https://app.example.com/page")],
        &[("accept", "application/json")],
        &[("accept", "text/html"), ("cookie", &fresh)],
        &[("accept", "text/html"), ("cookie", &old)],
        &[("cookie", &old), ("hx-request", "true")],
    ];
    let mut seen = Vec::new();
    for guards in [&[][..], &[&inner], &[&outer, &inner]] {
        for path in ["/", "/open/all", "/open/x?y=z", "/no", "/a%2fb", "//a", "/api/auth/x"] {
            for lines in askers {
                let request = || {
                    let request = Request::get(path);
                    let request = lines
                        .iter()
                        .fold(request, |request, (name, value)| request.header(*name, *value));
                    request.body(()).unwrap()
                };
                let called = without_value(whole(&by_calls(auth, guards, request()).await));
                let layered = without_value(whole(&by_layers(auth, guards, request()).await));
                assert_eq!(called, layered, "{path} {lines:?} {}", guards.len());
                seen.push((called.0, called.1.iter().any(|(name, _)| name == "set-cookie")));
            }
        }
    }
    for outcome in
        [(200, false), (200, true), (302, false), (401, false), (403, false), (403, true)]
    {
        assert!(seen.contains(&outcome), "{outcome:?}");
    }
}

/// The `jwt` callback may call a provider, so it matters how often it is called.
#[tokio::test]
async fn what_a_guard_has_found_is_not_read_again_and_what_it_left_is_sent_once() {
    let reads = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&reads);
    let callbacks = Callbacks::new().jwt(move |request| {
        counted.fetch_add(1, Ordering::SeqCst);
        async move {
            assert!(request.refresher.is_some(), "what it changes cannot be sent");
            Ok(request.token)
        }
    });
    let world = world!(site => site.callbacks(callbacks).build().unwrap());
    let guard = Guard::new(world.auth.clone()).build().unwrap();
    let request = || Request::get("/").header("cookie", sealed(86_400)).body(()).unwrap();
    let response = by_calls(&world.auth, &[&guard, &guard], request()).await;
    assert_eq!((response.status().as_u16(), reads.swap(0, Ordering::SeqCst)), (200, 1));
    assert_eq!(response.headers().get_all(SET_COOKIE).iter().count(), 1);
    assert_eq!(response.headers()[CACHE_CONTROL], "private, no-cache, no-store");

    // Another configuration's guard has said nothing about who it is here.
    let other = World::new();
    let guard = Guard::new(other.auth.clone()).build().unwrap();
    let response = by_calls(&world.auth, &[&guard], request()).await;
    assert_eq!((response.status().as_u16(), reads.load(Ordering::SeqCst)), (200, 1));
}

#[tokio::test]
async fn where_nobody_sends_cookies_a_callback_may_not_refresh_tokens() {
    let may_refresh = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&may_refresh);
    let callbacks = Callbacks::new().jwt(move |request| {
        told.lock().unwrap().push(request.refresher.is_some());
        let mut token = request.token;
        token.insert("changed", true);
        async move { Ok(token) }
    });
    let world = world!(site => site.callbacks(callbacks).build().unwrap());
    let request = Request::get("/").header("cookie", sealed(0)).body(()).unwrap();
    let (mut parts, ()) = request.into_parts();
    world.auth.required_session(&parts).await.unwrap();
    let due = DueCookies::of(&mut parts.extensions);
    assert!(due.take().is_empty());
    world.auth.optional_session(&parts).await.unwrap().unwrap();
    assert_eq!(*may_refresh.lock().unwrap(), [false, true]);
    assert!(!due.take().is_empty() && due.take().is_empty());
}

/// A body that stays on its thread.
struct Local(Rc<Cell<usize>>);

impl http_body::Body for Local {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.set(self.0.get() + 1);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[b'x'; 1024])))))
    }
}

#[tokio::test]
async fn r148_a_body_that_stays_on_its_thread_is_read_with_the_limit() {
    let world = World::new();
    let read = Rc::new(Cell::new(0));
    let request = Request::post("/api/auth/signin/idp").body(Local(Rc::clone(&read))).unwrap();
    assert_eq!(world.auth.handle_streamed(request).await.status(), 413);
    assert_eq!(read.get(), 65);

    // v4 does: HEAD is none of its methods.
    for (method, status, is_empty) in [("GET", 200, false), ("HEAD", 400, true)] {
        let request = Request::builder().method(method).uri("/api/auth/signin");
        let request = request.body(Local(Rc::clone(&read))).unwrap();
        let response = world.auth.handle_streamed(request).await;
        assert_eq!((response.status().as_u16(), response.body().is_empty()), (status, is_empty));
    }
    assert_eq!(read.get(), 65, "only the body of a POST has a meaning");

    let mut headers = HeaderMap::new();
    headers.insert("content-type", "application/json".parse().unwrap());
    let mut request = Request::post("/api/auth/signout").body(Full::new(Bytes::from("{"))).unwrap();
    *request.headers_mut() = headers;
    assert_eq!(world.auth.handle_streamed(request).await.status(), 400);
}
