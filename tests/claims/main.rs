//! `Auth::claims`: what NextAuth's `getToken` does.

#![cfg(test)]

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, header};
use serde_json::Value;
use typegate::adapter::MemoryAdapter;
use typegate::hooks::{Callbacks, TokenRequest};
use typegate::provider::Credentials;
use typegate::provider::catalog::GitHub;
use typegate::testing::FrozenClock;
use typegate::{Auth, AuthorizeError, CallbackError, Claims, Database, Jwt, Secret, User};

const SECRET: &str = "a secret for tests, long enough for all of us";
const COOKIE: &str = "next-auth.session-token";

async fn authorize(_: Value) -> Result<Option<User>, AuthorizeError> {
    Ok(Some(User::new("1").name("Ada")))
}

/// Marks the tokens of a sign-in and fails at every read.
async fn jwt(request: TokenRequest) -> Result<Claims, CallbackError> {
    let mut claims = request.token;
    if request.user.is_none() {
        return Err(CallbackError::new("called for a read"));
    }
    claims.insert("role", "admin");
    Ok(claims)
}

fn auth(strategy: impl Into<Jwt>, clock: FrozenClock) -> Auth {
    Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .url("http://localhost:3000".parse().unwrap())
        .provider(Credentials::new(authorize))
        .session(strategy.into())
        .callbacks(Callbacks::new().jwt(jwt))
        .clock(clock)
        .build()
        .unwrap()
}

/// The session token that a sign-in puts into the cookie.
async fn token(auth: &Auth) -> String {
    let response = auth.handle(Request::get("/api/auth/csrf").body(Bytes::new()).unwrap()).await;
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    let cookie = response.headers()[header::SET_COOKIE].clone();
    let cookie = cookie.to_str().unwrap().split(';').next().unwrap();
    let request = Request::post("/api/auth/callback/credentials")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, cookie)
        .body(Bytes::from(format!("csrfToken={}", body["csrfToken"].as_str().unwrap())));
    let response = auth.handle(request.unwrap()).await;
    let mut lines = response.headers().get_all(header::SET_COOKIE).iter();
    let line = lines.find(|line| line.to_str().unwrap().contains("session-token")).unwrap();
    let pair = line.to_str().unwrap().split(';').next().unwrap();
    pair.split_once('=').unwrap().1.to_owned()
}

fn headers(pairs: &[(header::HeaderName, &[u8])]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(name, HeaderValue::from_bytes(value).unwrap());
    }
    headers
}

#[tokio::test]
async fn claims_come_from_the_cookie_or_else_from_the_header() {
    let clock = FrozenClock::at(1_700_000_000);
    let auth = auth(Jwt::default(), clock.clone());
    let token = token(&auth).await;
    let cookie = format!("{COOKIE}={token}");
    let encoded: String = token.replace('.', "%2E");
    for found in [
        headers(&[(header::COOKIE, cookie.as_bytes())]),
        headers(&[(header::AUTHORIZATION, format!("Bearer {token}").as_bytes())]),
        headers(&[(header::AUTHORIZATION, format!("Bearer {encoded}").as_bytes())]),
    ] {
        let claims = auth.claims(&found).unwrap();
        assert_eq!(claims.subject(), Some("1"));
        assert_eq!(claims.get::<String>("role").as_deref(), Some("admin"));
    }
    let bearer = format!("Bearer {token}");
    let both = headers(&[
        (header::COOKIE, format!("{COOKIE}=bad").as_bytes()),
        (header::AUTHORIZATION, bearer.as_bytes()),
    ]);
    assert_eq!(auth.claims(&both), None, "a bad cookie is not replaced by the header");
    assert_eq!(auth.claims(&HeaderMap::new()), None);
    clock.advance(31 * 24 * 60 * 60);
    assert_eq!(auth.claims(&headers(&[(header::COOKIE, cookie.as_bytes())])), None);
}

#[tokio::test]
async fn r096_a_malformed_authorization_header_is_no_token() {
    let auth = auth(Jwt::default(), FrozenClock::at(1_700_000_000));
    let token = token(&auth).await;
    let long = format!("Bearer {}", "x".repeat(64 * 1024));
    for value in [
        "Bearer %".as_bytes(),
        b"Bearer %f",
        b"Bearer %ff",
        b"Bearer %zz",
        b"Bearer",
        b"Bearer ",
        b"bearer x",
        format!("bearer {token}").as_bytes(),
        format!("BEARER {token}").as_bytes(),
        format!("Bearer  {token}").as_bytes(),
        format!("Bearer {token} x").as_bytes(),
        format!("Bearer\t{token}").as_bytes(),
        format!("Basic {token}").as_bytes(),
        token.as_bytes(),
        b"",
        b"Bearer \x80\xff",
        b"\x80\xff",
        long.as_bytes(),
    ] {
        let headers = headers(&[(header::AUTHORIZATION, value)]);
        assert_eq!(auth.claims(&headers), None, "{:?}", String::from_utf8_lossy(value));
    }
    let good = format!("Bearer {token}");
    let twice = [(header::AUTHORIZATION, good.as_bytes()), (header::AUTHORIZATION, b"Bearer x")];
    assert_eq!(auth.claims(&headers(&twice)), None);
}

#[tokio::test]
async fn a_bearer_token_of_auth_js_v5_is_read_where_its_cookie_is() {
    let clock = FrozenClock::at(1_700_000_000);
    let token = token(&auth(Jwt::default().issue_auth_js_v5(), clock.clone())).await;
    let headers = headers(&[(header::AUTHORIZATION, format!("Bearer {token}").as_bytes())]);
    let subject = |strategy: Jwt| {
        let claims = auth(strategy, clock.clone()).claims(&headers);
        claims.and_then(|claims| claims.subject().map(ToOwned::to_owned))
    };
    assert_eq!(subject(Jwt::default().accept_auth_js_v5().into()).as_deref(), Some("1"));
    assert_eq!(subject(Jwt::default()), None);
}

#[tokio::test]
async fn sessions_in_the_database_have_no_claims() {
    let clock = FrozenClock::at(1_700_000_000);
    let token = token(&auth(Jwt::default(), clock.clone())).await;
    let auth: Auth = Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .url("http://localhost:3000".parse().unwrap())
        .provider(GitHub::new("client id", "client secret".into()))
        .adapter(MemoryAdapter::new())
        .session(Database::default())
        .clock(clock)
        .build()
        .unwrap();
    let bearer = format!("Bearer {token}");
    assert_eq!(auth.claims(&headers(&[(header::AUTHORIZATION, bearer.as_bytes())])), None);
    let cookie = format!("{COOKIE}={token}");
    assert_eq!(auth.claims(&headers(&[(header::COOKIE, cookie.as_bytes())])), None);
}
