//! What arrives at an exporter of a sign-in, and what must not.

mod received;

use axum::Router;
use opentelemetry::trace::{SpanKind, Status};
use serde_json::Value;
use typegate::adapter::MemoryAdapter;
use typegate::testing::{Browser, Fault, IdentityProvider};
use typegate::{Auth, Jwt, Secret};

use self::received::{Received, attributes, event};
use crate::{app, credentials};

const SECRET: &str = "a secret for tests, long enough for all of us";

fn site(idp: &IdentityProvider) -> Router {
    let auth = Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .url("http://localhost:3000".parse().unwrap())
        .provider(credentials())
        .provider(idp.oidc("acme"))
        .adapter(MemoryAdapter::new())
        .session(Jwt::default())
        .http_client(idp.clone())
        .build();
    app(auth.unwrap())
}

/// Submits the form, and gives its token.
async fn try_password(browser: &mut Browser<Router>, password: &str) -> String {
    let answer = browser.get("/api/auth/csrf").await.unwrap();
    let answer: Value = serde_json::from_slice(answer.body()).unwrap();
    let token = answer["csrfToken"].as_str().unwrap();
    let fields = [("csrfToken", token), ("username", "ada"), ("password", password)];
    browser.post("/api/auth/callback/credentials", &fields).await.unwrap();
    token.to_owned()
}

#[tokio::test]
async fn a_sign_in_with_credentials_is_a_trace() {
    let received = Received::by_this_test();
    let mut browser = Browser::new(site(&IdentityProvider::new()));
    let token = try_password(&mut browser, "1815").await;

    let server = received.last("POST /api/auth/{*rest}");
    assert_eq!(server.span_kind, SpanKind::Server);
    let [request] = &received.below(&server)[..] else { panic!("typegate's own is one span") };
    assert_eq!(
        (&*request.name, &request.span_kind, &request.status),
        ("typegate_request", &SpanKind::Internal, &Status::Unset)
    );
    assert_eq!(
        attributes(&request.attributes),
        ["action=callback", "provider=credentials", "http.response.status_code=302"]
    );
    assert_eq!(event(request, "signed in"), ["level=INFO", "provider=credentials"]);
    let session = browser.cookie("next-auth.session-token").unwrap();
    received.has_none_of(&[&token, session, "1815", "ada", "Ada Lovelace", "example.com", SECRET]);
}

#[tokio::test]
async fn a_wrong_password_is_an_event_with_its_code() {
    let received = Received::by_this_test();
    let mut browser = Browser::new(site(&IdentityProvider::new()));
    let token = try_password(&mut browser, "a wrong one").await;

    let server = received.last("POST /api/auth/{*rest}");
    let [request] = &received.below(&server)[..] else { panic!("typegate's own is one span") };
    let refused = event(request, "authorize refused");
    let expected = ["level=DEBUG", "code=ACCESS_DENIED", "provider=credentials", "flow=sign-in"];
    assert_eq!(refused[..4], expected);
    received.has_none_of(&[&token, "a wrong one", "ada", SECRET]);
}

#[tokio::test]
async fn a_sign_in_with_a_provider_shows_who_was_asked_and_what_the_adapter_did() {
    let received = Received::by_this_test();
    let idp = IdentityProvider::new();
    let mut browser = Browser::new(site(&idp));
    browser.sign_in("acme", &idp).await.unwrap();

    let server = received.last("GET /api/auth/{*rest}");
    let [request] = &received.below(&server)[..] else { panic!("typegate's own is one span") };
    let below = received.below(request);
    let of = |name: &str| -> Vec<_> {
        let spans = below.iter().filter(|span| span.name == name);
        spans.map(|span| attributes(&span.attributes).join(" ")).collect()
    };
    assert_eq!(
        of("typegate_outbound"),
        [
            "http.request.method=POST server.address=id.example http.response.status_code=200",
            "http.request.method=GET server.address=id.example http.response.status_code=200",
        ]
    );
    assert_eq!(
        of("typegate_adapter"),
        ["method=user_by_account", "method=user_by_email", "method=create_user_with_account"]
    );
    assert!(below.iter().all(|span| {
        let is_outbound = span.name == "typegate_outbound";
        span.span_kind == if is_outbound { SpanKind::Client } else { SpanKind::Internal }
    }));
    assert_eq!(event(request, "signed in"), ["level=INFO", "provider=acme"]);
    // Every token of this provider and of this site begins with the last of these.
    let client_secret = IdentityProvider::CLIENT_SECRET;
    received.has_none_of(&["jane@", "Jane Doe", "?code", "state", client_secret, SECRET, "eyJ"]);
}

#[tokio::test]
async fn a_provider_that_fails_is_a_span_that_failed() {
    let received = Received::by_this_test();
    let idp = IdentityProvider::new();
    let mut browser = Browser::new(site(&idp));
    idp.set_fault(Fault::NoKeys);
    browser.sign_in("acme", &idp).await.unwrap();
    let failed = received.last("typegate_outbound");
    assert_eq!(failed.status, Status::error(""));
}

#[tokio::test]
async fn what_is_no_route_gives_its_words_to_no_span() {
    let received = Received::by_this_test();
    let mut browser = Browser::new(site(&IdentityProvider::new()));
    browser.get("/api/auth/secret-of-somebody/else?token=secret").await.unwrap();
    let server = received.last("GET /api/auth/{*rest}");
    let [request] = &received.below(&server)[..] else { panic!("typegate's own is one span") };
    assert_eq!(attributes(&request.attributes), ["action=other", "http.response.status_code=400"]);
    received.has_none_of(&["secret", "else"]);
}
