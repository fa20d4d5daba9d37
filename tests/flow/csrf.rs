//! CSRF protection: the signed double submit that every state-changing POST needs.

use http::Method;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use super::support::{BASE, SECRET, World, credentials, error, open, world};

const COOKIE: &str = "next-auth.csrf-token";
const FORM: &str = "application/x-www-form-urlencoded";

fn start() -> World {
    world!(site => site.provider(credentials()).build().unwrap())
}

fn hash(text: &str) -> String {
    digest(&SHA256, text.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn r121_the_cookie_is_v4s_and_is_not_sent_again() {
    let mut world = start();
    let answer = world.browser.get("/api/auth/csrf").await;
    let token = answer.json()["csrfToken"].as_str().unwrap().to_owned();
    assert!(token.len() == 64 && token.bytes().all(|b| b.is_ascii_hexdigit()));
    let value = format!("{token}%7C{}", hash(&format!("{token}{SECRET}")));
    assert_eq!(answer.cookie(COOKIE).unwrap().value, value);
    let again = world.browser.get("/api/auth/csrf").await;
    assert_eq!(again.outline(), [format!("200 {{\"csrfToken\":\"{token}\"}}")]);
    world.browser.sign_in_with_credentials().await;
    assert_eq!(world.browser.csrf_token().await, token);
}

#[tokio::test]
async fn r121_a_token_made_by_v4_is_accepted() {
    let mut world = start();
    let token = "ab".repeat(32);
    let value = format!("{token}%7C{}", hash(&format!("{token}{SECRET}")));
    for more in ["", "%7Cmore"] {
        world.browser.jar.plant(COOKIE, &format!("{value}{more}"));
        let answer = world.browser.get("/api/auth/csrf").await;
        assert_eq!(answer.json()["csrfToken"], *token);
        assert!(answer.cookie(COOKIE).is_none());
    }
    let fields = [("username", "ada"), ("password", "1815"), ("csrfToken", &token)];
    world.browser.submit("/api/auth/callback/credentials", &fields).await;
    assert_eq!(world.browser.session().await["user"]["name"], "Ada Lovelace");
}

#[tokio::test]
async fn a_forged_cookie_is_replaced() {
    let token = "ab".repeat(32);
    let good = hash(&format!("{token}{SECRET}"));
    for value in [
        token.clone(),
        format!("{token}%7C"),
        format!("{token}%7C{}", hash(&token)),
        format!("{token}%7C{}", good.to_uppercase()),
        format!("{token}%7C{}", good.split_at(63).0),
        format!("%7C{}", hash(SECRET).replace('a', "b")),
        "%".to_owned(),
        String::new(),
    ] {
        let mut world = start();
        world.browser.jar.plant(COOKIE, &value);
        let fields = [("csrfToken", &*token), ("username", "ada"), ("password", "1815")];
        let answer = world.browser.submit("/api/auth/callback/credentials", &fields).await;
        assert_eq!(answer.location(), format!("{BASE}/signin?csrf=true"), "{value}");
        assert_ne!(answer.cookie(COOKIE).unwrap().value, value);
        assert_ne!(world.browser.csrf_token().await, token);
    }
}

/// A body that carries the token in a way that must not count.
fn unverified(token: &str, cookie: &str) -> Vec<(&'static str, String)> {
    let json = |value: Value| json!({ "csrfToken": value }).to_string();
    vec![
        (FORM, String::new()),
        (FORM, "csrfToken=".into()),
        (FORM, format!("csrfToken={token}&csrfToken={token}")),
        (FORM, format!("csrfToken={token}&csrfToken=")),
        (FORM, format!("csrfToken[]={token}")),
        (FORM, format!("csrftoken={token}")),
        (FORM, format!("csrfToken=+{token}")),
        (FORM, format!("csrfToken={}", token.to_uppercase())),
        (FORM, format!("csrfToken={}", token.split_at(63).0)),
        (FORM, format!("csrfToken={cookie}")),
        (FORM, format!("csrfToken={}", hash(token))),
        ("application/json", json(json!([token]))),
        ("application/json", json(json!({ "0": token }))),
        ("application/json", json(json!(true))),
        ("application/json", json(json!(null))),
        ("application/json", json!([{ "csrfToken": token }]).to_string()),
        ("application/json", json!(token).to_string()),
    ]
}

#[tokio::test]
async fn r123_what_is_not_exactly_the_token_verifies_nothing() {
    let mut world = start();
    world.browser.sign_in_with_credentials().await;
    let token = world.browser.csrf_token().await;
    let cookie = world.browser.jar.value(COOKIE).unwrap().to_owned();
    for (content_type, body) in unverified(&token, &cookie) {
        for (path, place) in [
            ("signin/idp", "signin?csrf=true"),
            ("callback/credentials", "signin?csrf=true"),
            ("signout", "signout?csrf=true"),
        ] {
            let path = format!("/api/auth/{path}?csrfToken={token}");
            let kind = Some(content_type);
            let answer = world.browser.request(Method::POST, &path, kind, body.clone()).await;
            assert_eq!(answer.outline(), [format!("302 {BASE}/{place}")], "{body}");
        }
        let path = format!("/api/auth/session?csrfToken={token}");
        let answer =
            world.browser.request(Method::POST, &path, Some(content_type), body.clone()).await;
        assert_eq!(answer.outline(), ["400 {}"], "{body}");
    }
    // A right token without the cookie.
    world.browser.jar.remove(COOKIE);
    let answer = world.browser.submit("/api/auth/signout", &[("csrfToken", &token)]).await;
    assert_eq!(answer.location(), format!("{BASE}/signout?csrf=true"));
    assert_eq!(world.browser.session().await["user"]["name"], "Ada Lovelace");
    let codes = world.lines.codes();
    assert!(codes.len() > 60 && codes.iter().all(|code| code == "CSRF_TOKEN_ERROR"));
}

#[tokio::test]
async fn r116_of_two_csrf_cookies_the_first_good_one_counts() {
    let token = "ab".repeat(32);
    let good = format!("{token}%7C{}", hash(&format!("{token}{SECRET}")));
    for (first, second) in [(&*good, "bad"), ("bad", &*good)] {
        let mut world = start();
        let cookies = format!("{COOKIE}={first}; {COOKIE}={second}");
        world.browser.headers.push((http::header::COOKIE, cookies.parse().unwrap()));
        let answer = world.browser.submit("/api/auth/signout", &[("csrfToken", &token)]).await;
        assert_eq!(answer.location(), "http://localhost:3000");
    }
}

#[tokio::test]
async fn r124_bodies_that_cross_sites_freely_never_verify() {
    let mut world = start();
    let token = world.browser.csrf_token().await;
    let form = format!("csrfToken={token}&username=ada&password=1815");
    let json = json!({ "csrfToken": token, "username": "ada", "password": "1815" }).to_string();
    let parts = format!("--x\r\nContent-Disposition: form-data; name=\"csrfToken\"\r\n\r\n{token}");
    let path = "/api/auth/callback/credentials";
    for (content_type, body) in [
        (None, &form),
        (None, &json),
        (Some("text/plain"), &form),
        (Some("text/plain;charset=UTF-8"), &json),
        (Some("multipart/form-data; boundary=x"), &parts),
        (Some("application/octet-stream"), &json),
        (Some("application/jsonx"), &json),
        (Some("text/json"), &json),
        (Some("text/plain; application/json"), &json),
        (Some(""), &form),
    ] {
        let answer = world.browser.request(Method::POST, path, content_type, body.clone()).await;
        assert_eq!(answer.outline(), [format!("302 {BASE}/signin?csrf=true")], "{content_type:?}");
    }
    for content_type in
        ["application/json; charset=utf-8", "APPLICATION/JSON", "application/ld+json"]
    {
        let answer =
            world.browser.request(Method::POST, path, Some(content_type), json.clone()).await;
        assert!(answer.cookie("next-auth.session-token").is_some(), "{content_type}");
    }
}

#[tokio::test]
async fn r127_get_and_head_change_nothing() {
    let mut world = start();
    world.browser.sign_in_with_credentials().await;
    let token = world.browser.csrf_token().await;
    let before = world.browser.jar.clone();
    for path in [
        "signin",
        "signin/idp",
        "signin/credentials",
        "signout",
        "csrf",
        "providers",
        "error",
        "verify-request",
        "callback/credentials",
        "_log",
    ] {
        for method in [Method::GET, Method::HEAD] {
            let address = format!("/api/auth/{path}?csrfToken={token}&username=ada&password=1815");
            let answer = world.browser.request(method, &address, None, "").await;
            assert_eq!(answer.cookies, [], "{path}");
        }
    }
    // What `session` sends is the same session again.
    let head = world.browser.request(Method::HEAD, "/api/auth/session", None, "").await;
    assert_eq!((head.status().as_u16(), head.cookies.len()), (400, 0));
    let name = "next-auth.session-token";
    let claims = |jar: &super::support::Jar| open(jar.value(name).unwrap(), SECRET, "");
    assert_eq!(claims(&world.browser.jar), claims(&before));
    assert!(world.idp.requests().is_empty());
}

#[tokio::test]
async fn r154_no_answer_invites_other_origins() {
    let mut world = start();
    world
        .browser
        .headers
        .push(("origin".parse().unwrap(), "https://evil.example".parse().unwrap()));
    for path in ["csrf", "session", "providers", "signin", "callback/idp"] {
        for method in [Method::OPTIONS, Method::GET, Method::PUT] {
            // Each answer is checked for `Access-Control-*` when it is taken.
            let path = format!("/api/auth/{path}");
            let answer = world.browser.request(method.clone(), &path, None, "").await;
            let refused = method != Method::GET;
            assert_eq!(refused, answer.status() == 400, "{method} {path}");
        }
    }
    let callback = world.browser.get("/api/auth/callback/idp").await;
    assert_eq!(callback.outline()[0], error("OAuthCallback"));
}
