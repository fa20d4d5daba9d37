//! Malformed and hostile requests: always an answer, never a panic, never a session gained or lost.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body::{Body, Frame};
use http_body_util::{BodyExt as _, Full};
use serde_json::json;
use tower::ServiceExt as _;
use typegate::Auth;

use super::support::{Answer, BASE, World, credentials, world};

const JSON: Option<&str> = Some("application/json");
const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

fn start() -> World {
    world!(site => site.provider(credentials()).build().unwrap())
}

const POSTS: [&str; 8] = [
    "signin/idp",
    "signin/credentials",
    "callback/credentials",
    "callback/idp",
    "signout",
    "session",
    "_log",
    "csrf",
];

#[tokio::test]
async fn r152_malformed_json_is_400_everywhere() {
    let mut world = start();
    world.browser.sign_in_with_credentials().await;
    let deep = "[".repeat(100_000);
    let deep_object = format!("{}1{}", "{\"a\":".repeat(65), "}".repeat(65));
    let bodies: [&[u8]; 14] = [
        b"{",
        b"{\"a\":1,}",
        b"NaN",
        b"{'a':1}",
        b"\xef\xbb\xbf{}",
        b"{\"a\":\"\xff\"}",
        b"{\"a\":\"\\ud800\"}",
        b"undefined",
        b"{}{}",
        b"{\"a\":1e999}",
        b"\0",
        b"csrfToken=x",
        deep.as_bytes(),
        deep_object.as_bytes(),
    ];
    for body in bodies {
        for path in POSTS {
            let path = format!("/api/auth/{path}");
            let body = Bytes::copy_from_slice(body);
            let answer = world.browser.request(Method::POST, &path, JSON, body).await;
            assert_eq!(answer.outline(), ["400 Invalid JSON"], "{path}");
        }
    }
    assert_eq!(world.browser.session().await["user"]["name"], "Ada Lovelace");
}

#[tokio::test]
async fn json_that_is_no_object_has_no_fields() {
    let mut world = start();
    world.browser.csrf_token().await;
    for body in ["[1]", "1", "null", "\"text\"", "true", "[]", "{}", ""] {
        let answer = world.browser.request(Method::POST, "/api/auth/signout", JSON, body).await;
        assert_eq!(answer.outline(), [format!("302 {BASE}/signout?csrf=true")], "{body}");
    }
}

#[tokio::test]
async fn r152_unknown_and_duplicate_members_are_harmless() {
    let mut world = start();
    let token = world.browser.csrf_token().await;
    let deepest = format!("{}1{}", "[".repeat(62), "]".repeat(62));
    let body = format!(
        "{{\"csrfToken\":\"wrong\",\"csrfToken\":\"{token}\",\"username\":\"ada\",\
         \"password\":\"1815\",\"__proto__\":{{}},\"constructor\":1,\"x\":{deepest}}}"
    );
    let path = "/api/auth/callback/credentials";
    let answer = world.browser.request(Method::POST, path, JSON, body).await;
    assert!(answer.cookie("next-auth.session-token").is_some());
}

#[tokio::test]
async fn r150_values_of_other_types_are_refused_cleanly() {
    let mut world = start();
    let token = world.browser.csrf_token().await;
    for value in
        [json!(1), json!(1.5), json!(true), json!(null), json!([]), json!(["x"]), json!({})]
    {
        for name in ["csrfToken", "callbackUrl", "json", "username", "password", "email", "data"] {
            let mut body = json!({ "csrfToken": token, "username": "ada", "password": "x" });
            body[name] = value.clone();
            for path in POSTS {
                let path = format!("/api/auth/{path}");
                let answer = world.browser.post_json(&path, &body).await;
                assert!(answer.status().as_u16() <= 400, "{path} {name} {value}");
            }
        }
    }
    assert_eq!(world.browser.session().await, json!({}));
}

#[tokio::test]
async fn r151_repeated_fields_are_not_chosen_from() {
    let mut world = start();
    let token = world.browser.csrf_token().await;
    let path = "/api/auth/callback/credentials";
    let good = format!("csrfToken={token}&username=ada&password=1815");
    for more in [&*format!("csrfToken={token}"), "username=ada", "password=1815"] {
        let body = format!("{good}&{more}");
        let answer = world.browser.request(Method::POST, path, FORM, body).await;
        assert!(answer.cookie("next-auth.session-token").is_none(), "{more}");
    }
    // `json` twice is not the text `true`.
    let body = format!("{good}&json=true&json=true");
    let answer = world.browser.request(Method::POST, path, FORM, body).await;
    assert_eq!(answer.status(), 302);
}

#[tokio::test]
async fn broken_forms_and_cookies_are_read_as_far_as_they_go() {
    let mut world = start();
    world.browser.csrf_token().await;
    let forms: [&[u8]; 9] =
        [b"%", b"%zz=%", b"&&&", b"=", b"==", b"\xff\xfe=\xff", b"a=%ff%fe", b"\0", b"a;b;c"];
    for form in forms {
        for path in POSTS {
            let path = format!("/api/auth/{path}?%ff=%&{}", "a=b&".repeat(100));
            let form = Bytes::copy_from_slice(form);
            let answer = world.browser.request(Method::POST, &path, FORM, form).await;
            assert!(answer.status().as_u16() <= 400, "{path}");
        }
    }
    for cookie in [
        &b"%"[..],
        b"=",
        b";;;",
        b"a",
        b"a==b",
        b"next-auth.session-token",
        b"\"",
        b"a=\"",
        b"next-auth.session-token=%",
        b"next-auth.csrf-token=%7C",
        b"next-auth.csrf-token=|||",
        b"next-auth.callback-url=%00",
        b"\xff=\xff",
        b"a=\xc3\xa9",
        b"next-auth.session-token=\"\"",
    ] {
        let mut world = start();
        let value = http::HeaderValue::from_bytes(cookie).unwrap();
        world.browser.headers.push((http::header::COOKIE, value));
        for path in ["session", "csrf", "signin", "callback/idp"] {
            let answer = world.browser.get(&format!("/api/auth/{path}")).await;
            assert!(matches!(answer.status().as_u16(), 200 | 302), "{cookie:?} {path}");
        }
    }
}

#[tokio::test]
async fn a_huge_cookie_header_is_no_session_and_no_delay() {
    let mut world = start();
    let huge = format!("x={}; next-auth.session-token=abc", "y".repeat(200 * 1024));
    world.browser.headers.push((http::header::COOKIE, huge.parse().unwrap()));
    assert_eq!(world.browser.session().await, json!({}));
}

#[tokio::test]
async fn r147_random_bytes_get_an_answer() {
    let mut world = start();
    // Nobody is counted.
    world.browser.peer = None;
    world.browser.sign_in_with_credentials().await;
    // A fixed sequence (xorshift), so that a failure can be repeated.
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    let names = ["session", "csrf", "signin", "signout", "callback", "error", "idp", "_log", "%2f"];
    for _ in 0..3000 {
        let bytes: Vec<u8> = (0..next() % 60).map(|_| (next() >> 24) as u8).collect();
        let text: String = form_urlencoded::byte_serialize(&bytes).collect();
        let [one, two] = [0, 1].map(|_| names[next() as usize % names.len()]);
        let address = format!("/api/auth/{one}/{two}?callbackUrl={text}&error={text}&state={text}");
        let method = if next() % 2 == 0 { Method::GET } else { Method::POST };
        let kind = [None, JSON, FORM][next() as usize % 3];
        let answer = world.browser.request(method, &address, kind, bytes).await;
        assert!(matches!(answer.status().as_u16(), 200 | 302 | 400 | 403 | 500), "{address}");
    }
    assert_eq!(world.browser.session().await["user"]["name"], "Ada Lovelace");
}

/// Yields pieces of 1 KiB and counts them; `None` for ever.
struct Pieces {
    left: Option<usize>,
    sent: Arc<AtomicUsize>,
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.left == Some(0) {
            return Poll::Ready(None);
        }
        self.left = self.left.map(|left| left - 1);
        self.sent.fetch_add(1, Ordering::SeqCst);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[b'x'; 1024])))))
    }
}

/// Posts so many pieces; the status, and how many were read.
async fn post(auth: &Auth, pieces: Option<usize>, announced: Option<&str>) -> (u16, usize) {
    let sent = Arc::new(AtomicUsize::new(0));
    let mut request =
        Request::post("/api/auth/_log").header("content-type", "application/x-www-form-urlencoded");
    if let Some(length) = announced {
        request = request.header("content-length", length);
    }
    let body = Pieces { left: pieces, sent: Arc::clone(&sent) };
    let response = auth.service().oneshot(request.body(body).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let answer = Answer::new(Response::from_parts(parts, body));
    (answer.status().as_u16(), sent.load(Ordering::SeqCst))
}

#[tokio::test]
async fn r148_a_long_body_is_cut_off() {
    let world = start();
    assert_eq!(post(&world.auth, Some(64), None).await, (200, 64));
    world.lines.take();
    let (status, read) = post(&world.auth, Some(65), None).await;
    assert_eq!((status, read), (413, 65));
    let (status, read) = post(&world.auth, None, None).await;
    assert!(status == 413 && read < 100, "{read}");
    // What a client announces is believed only where it is too much.
    assert_eq!(post(&world.auth, None, Some("3145728")).await, (413, 0));
    let (status, read) = post(&world.auth, None, Some("10")).await;
    assert!(status == 413 && read < 100, "{read}");
    assert_eq!(world.lines.codes(), ["REQUEST_BODY_ERROR"; 4]);
    assert_eq!(post(&world.auth, Some(1), Some("-1")).await.0, 200);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_400() {
    struct Broken;

    impl Body for Broken {
        type Data = Bytes;
        type Error = std::io::Error;

        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
            Poll::Ready(Some(Err(std::io::Error::other("reset"))))
        }
    }

    let world = start();
    let request = Request::post("/api/auth/signout").body(Broken).unwrap();
    let response = world.auth.service().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 400);
    assert_eq!(world.lines.codes(), ["REQUEST_BODY_ERROR"]);
}

#[tokio::test]
async fn head_has_no_body_and_get_ignores_its_own() {
    let world = start();
    let ask = async |method: Method| -> Response<Full<Bytes>> {
        let request = Request::builder().method(method).uri("/api/auth/csrf");
        let request = request.body(Full::new(Bytes::from(vec![b'x'; 70_000]))).unwrap();
        world.auth.service().oneshot(request).await.unwrap()
    };
    let head = ask(Method::HEAD).await;
    assert_eq!(head.status(), 400);
    assert!(head.into_body().collect().await.unwrap().to_bytes().is_empty());
    assert_eq!(ask(Method::GET).await.status(), 200);
}
