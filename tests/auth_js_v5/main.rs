//! Session cookies of Auth.js v5, read and written over HTTP.
//!
//! That the tokens are v5's to the byte is shown by `src/session/auth_js/tests.rs`, and by
//! `tests/interchange` with v5 itself running.

#![cfg(test)]

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use serde_json::Value;
use typegate::cookie::{CookieName, CookiePolicy, Cookies};
use typegate::provider::Credentials;
use typegate::testing::FrozenClock;
use typegate::{Auth, AuthorizeError, Jwt, Secret, User};

const SECRET: &str = "a secret for tests, long enough for all of us";
const NEXT_AUTH: &str = "next-auth.session-token";
const AUTH_JS: &str = "authjs.session-token";

async fn authorize(login: Value) -> Result<Option<User>, AuthorizeError> {
    let length = login["length"].as_str().and_then(|text| text.parse().ok()).unwrap_or(3);
    Ok(Some(User::new("1").name("A".repeat(length))))
}

fn auth(strategy: impl Into<Jwt>) -> Auth {
    Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .url("http://localhost:3000".parse().unwrap())
        .provider(Credentials::new(authorize))
        .session(strategy.into())
        .clock(FrozenClock::at(1_700_000_000))
        .build()
        .unwrap()
}

/// Name and value of each cookie that an answer sets; a deleted one has no value.
fn set_cookies(response: &Response<Bytes>) -> Vec<(String, String)> {
    let lines = response.headers().get_all(header::SET_COOKIE).iter();
    lines
        .map(|line| {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            (name.to_owned(), value.to_owned())
        })
        .filter(|(name, _)| name.contains("session-token"))
        .collect()
}

fn names(cookies: &[(String, String)], set: bool) -> Vec<&str> {
    let chosen = cookies.iter().filter(|(_, value)| value.is_empty() != set);
    chosen.map(|(name, _)| name.as_str()).collect()
}

fn header_of(cookies: &[(String, String)]) -> String {
    let pairs = cookies.iter().filter(|(_, value)| !value.is_empty());
    pairs.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
}

async fn csrf(auth: &Auth) -> (String, String) {
    let response = auth.handle(Request::get("/api/auth/csrf").body(Bytes::new()).unwrap()).await;
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    let line = response.headers()[header::SET_COOKIE].to_str().unwrap();
    let cookie = line.split(';').next().unwrap().to_owned();
    (body["csrfToken"].as_str().unwrap().to_owned(), cookie)
}

async fn post(auth: &Auth, path: &str, cookies: &str, fields: &str) -> Response<Bytes> {
    let (token, cookie) = csrf(auth).await;
    let request = Request::post(format!("/api/auth/{path}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, format!("{cookie}; {cookies}"))
        .body(Bytes::from(format!("csrfToken={token}&{fields}")))
        .unwrap();
    auth.handle(request).await
}

async fn sign_in(auth: &Auth, length: usize) -> Vec<(String, String)> {
    let fields = format!("length={length}");
    set_cookies(&post(auth, "callback/credentials", "", &fields).await)
}

async fn session(auth: &Auth, cookies: &str) -> (Value, Vec<(String, String)>) {
    let request = Request::get("/api/auth/session").header(header::COOKIE, cookies);
    let response = auth.handle(request.body(Bytes::new()).unwrap()).await;
    assert_eq!(response.status(), StatusCode::OK);
    (serde_json::from_slice(response.body()).unwrap(), set_cookies(&response))
}

#[tokio::test]
async fn a_session_of_v5_goes_on_and_its_cookie_is_replaced() {
    let from = auth(Jwt::default().issue_auth_js_v5());
    let to = auth(Jwt::default().accept_auth_js_v5());
    for length in [3, 5000] {
        let cookies = sign_in(&from, length).await;
        assert!(names(&cookies, true).iter().all(|name| name.starts_with(AUTH_JS)));
        let (body, replaced) = session(&to, &header_of(&cookies)).await;
        assert_eq!(body["user"]["name"].as_str().unwrap().len(), length);
        assert!(names(&replaced, true).iter().all(|name| name.starts_with(NEXT_AUTH)));
        assert_eq!(names(&replaced, false), names(&cookies, true));
        let (body, kept) = session(&to, &header_of(&replaced)).await;
        assert_eq!(body["user"]["name"].as_str().unwrap().len(), length);
        assert_eq!(names(&kept, false), [""; 0]);
    }
}

#[tokio::test]
async fn a_session_of_v4_goes_on_where_v5s_is_written() {
    let cookies = sign_in(&auth(Jwt::default()), 3).await;
    let (body, replaced) =
        session(&auth(Jwt::default().issue_auth_js_v5()), &header_of(&cookies)).await;
    assert_eq!(body["user"]["name"], "AAA");
    assert_eq!(names(&replaced, true), [AUTH_JS]);
    assert_eq!(names(&replaced, false), [NEXT_AUTH]);
}

#[tokio::test]
async fn chunks_of_v5_have_v5s_length() {
    let cookies = sign_in(&auth(Jwt::default().issue_auth_js_v5()), 5000).await;
    assert_eq!(names(&cookies, true), ["authjs.session-token.0", "authjs.session-token.1"]);
    assert_eq!(cookies[0].1.len(), 3936);
}

#[tokio::test]
async fn without_the_option_the_cookie_of_v5_is_nobodys() {
    let cookies = sign_in(&auth(Jwt::default().issue_auth_js_v5()), 3).await;
    let (body, touched) = session(&auth(Jwt::default()), &header_of(&cookies)).await;
    assert_eq!(body, serde_json::json!({}));
    assert_eq!(touched, []);
}

#[tokio::test]
async fn a_token_under_the_other_cookies_name_is_no_session() {
    let auth = auth(Jwt::default().accept_auth_js_v5());
    let v4 = sign_in(&auth, 3).await[0].1.clone();
    let (body, touched) = session(&auth, &format!("{AUTH_JS}={v4}")).await;
    assert_eq!(body, serde_json::json!({}));
    assert_eq!(names(&touched, false), [AUTH_JS]);
}

#[tokio::test]
async fn a_cookie_that_was_left_over_does_not_hide_the_good_one() {
    let both = auth(Jwt::default().accept_auth_js_v5());
    let v5 = sign_in(&auth(Jwt::default().issue_auth_js_v5()), 3).await[0].1.clone();
    let (body, lines) = session(&both, &format!("{NEXT_AUTH}=stale; {AUTH_JS}={v5}")).await;
    assert_eq!(body["user"]["name"], "AAA");
    assert_eq!((names(&lines, true), names(&lines, false)), (vec![NEXT_AUTH], vec![AUTH_JS]));
    let v4 = &lines[0].1;
    let (body, _) = session(&both, &format!("{NEXT_AUTH}={v4}; {AUTH_JS}=stale")).await;
    assert_eq!(body["user"]["name"], "AAA");
    let (body, lines) = session(&both, &format!("{NEXT_AUTH}=stale; {AUTH_JS}=stale")).await;
    assert_eq!(body, serde_json::json!({}));
    assert_eq!(names(&lines, false), [NEXT_AUTH, AUTH_JS]);
}

#[tokio::test]
async fn signing_out_deletes_both_cookies() {
    let auth = auth(Jwt::default().accept_auth_js_v5());
    let cookies = format!("{NEXT_AUTH}=a; {AUTH_JS}.0=b; {AUTH_JS}.1=c");
    let lines = set_cookies(&post(&auth, "signout", &cookies, "").await);
    let expected = [NEXT_AUTH, "authjs.session-token.0", "authjs.session-token.1"];
    assert_eq!(names(&lines, false), expected);
}

#[test]
fn two_session_cookies_of_one_name_are_refused() {
    let name = CookieName::new(AUTH_JS).unwrap();
    let error = Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .url("http://localhost:3000".parse().unwrap())
        .provider(Credentials::new(authorize))
        .session(Jwt::default().accept_auth_js_v5())
        .cookies(Cookies::new().session_token(CookiePolicy::new(name)))
        .build()
        .unwrap_err();
    assert!(error.to_string().contains(AUTH_JS), "{error}");
}
