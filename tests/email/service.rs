//! Mail services: messages that leave as an HTTP request.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use typegate::adapter::MemoryAdapter;
use typegate::provider::Email;
use typegate::provider::catalog::Resend;
use typegate::testing::{FakeHttpClient, FrozenClock};
use typegate::{Auth, Secret};

use super::world::{BASE, Lines, NOW, SECRET, World, error};

/// Answers with that status, and keeps what it was sent.
fn world(status: u16) -> (World, Arc<Mutex<Vec<Request<Bytes>>>>) {
    // Some services repeat what they were sent.
    answering(status, |request| request.body().clone())
}

fn answering(
    status: u16,
    answer: impl Fn(&Request<Bytes>) -> Bytes + Send + Sync + 'static,
) -> (World, Arc<Mutex<Vec<Request<Bytes>>>>) {
    let requests: Arc<Mutex<Vec<Request<Bytes>>>> = Arc::default();
    let seen = Arc::clone(&requests);
    let client = FakeHttpClient::new(move |request| {
        let body = answer(request);
        seen.lock().unwrap().push(request.clone());
        Ok(Response::builder().status(status).body(body).unwrap())
    });
    let (adapter, clock, lines) = (MemoryAdapter::new(), FrozenClock::at(NOW), Lines::default());
    let service = Resend::builder().key("the key").from("Acme <no-reply@acme.example>").build();
    let auth = Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .url("http://localhost:3000".parse().unwrap())
        .adapter(adapter.clone())
        .clock(clock.clone())
        .logger(lines.clone())
        .http_client(client)
        .provider(Email::service(service).id("email"))
        .build()
        .unwrap();
    (World::of(auth, adapter, clock, lines), requests)
}

#[tokio::test]
async fn a_service_sends_the_link_that_signs_in() {
    let (mut world, requests) = world(200);
    let next = world.ask("Ada@Example.com").await;
    assert_eq!(next, format!("{BASE}/verify-request?provider=email&type=email"));
    let request = requests.lock().unwrap().pop().unwrap();
    assert_eq!(request.uri(), "https://api.resend.com/emails");
    let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
    assert_eq!(body["to"], "ada@example.com");
    let url = body["text"].as_str().unwrap().lines().nth(1).unwrap();
    world.get(url).await;
    assert_eq!(world.session().await["user"]["email"], "ada@example.com");
    assert!(world.lines.take().is_empty());
}

#[tokio::test]
async fn r082_a_service_that_refuses_leaves_no_link_and_tells_no_secret() {
    let (mut world, requests) = world(422);
    assert_eq!(world.ask("ada@example.com").await, error("EmailSignin"));
    let lines = world.lines.take();
    assert!(lines.iter().any(|line| line.contains("SIGNIN_EMAIL_ERROR")), "{lines:?}");
    let refused = "the mail service Resend did not take the message: it answered 422";
    assert!(lines.iter().any(|line| line.contains(refused)), "{lines:?}");
    let request = requests.lock().unwrap().pop().unwrap();
    let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
    let url = body["text"].as_str().unwrap().lines().nth(1).unwrap();
    for line in &lines {
        assert!(!line.contains("the key") && !line.contains("token="), "{line}");
        assert!(!line.contains("ada@example.com"), "{line}");
    }
    let answer = world.get(url).await;
    assert_eq!(answer.headers()["location"], error("Verification"));
    assert_eq!(world.session().await, serde_json::json!({}));
}

#[tokio::test]
async fn r212_a_service_is_named_with_its_status_and_what_it_said() {
    for (status, body, expected) in [
        (
            403,
            r#"{"statusCode":403,"name":"validation_error","message":"The acme.example domain is not verified"}"#,
            "The acme.example domain is not verified",
        ),
        (
            401,
            r#"{"message":"API key is invalid: Bearer the key"}"#,
            "said `API key is invalid: …`: look at its key",
        ),
        (422, r#"{"errors":[{"message":"bad sender","field":"from"}]}"#, "bad sender"),
        (500, "<html>oops</html>", "it answered 500"),
        (503, "try later", "it answered 503 and said `try later`"),
    ] {
        let (mut world, _) = answering(status, move |_| Bytes::from_static(body.as_bytes()));
        assert_eq!(world.ask("ada@example.com").await, error("EmailSignin"));
        let line = world.lines.take().remove(0);
        assert!(line.contains("the mail service Resend") && line.contains(expected), "{line}");
        assert!(!line.contains("the key") && !line.contains("html"), "{line}");
    }
}

#[tokio::test]
async fn r210_a_service_that_is_down_uses_nobodys_requests_up() {
    for (status, expected) in
        [(503, 8), (401, 8), (429, 8), (403, 5), (422, 5), (500, 5), (502, 5), (504, 5)]
    {
        let (mut world, requests) = answering(status, |_| Bytes::new());
        for _ in 0..8 {
            world.ask("ada@example.com").await;
        }
        assert_eq!(requests.lock().unwrap().len(), expected, "{status}");
    }
}
