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
    let requests: Arc<Mutex<Vec<Request<Bytes>>>> = Arc::default();
    let seen = Arc::clone(&requests);
    let client = FakeHttpClient::new(move |request| {
        let body = request.body().clone();
        seen.lock().unwrap().push(request.clone());
        // Some services repeat what they were sent.
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
    assert!(lines.iter().any(|line| line.contains("status 422")), "{lines:?}");
    let request = requests.lock().unwrap().pop().unwrap();
    let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
    let url = body["text"].as_str().unwrap().lines().nth(1).unwrap();
    for line in &lines {
        assert!(!line.contains("the key") && !line.contains("token="), "{line}");
    }
    let answer = world.get(url).await;
    assert_eq!(answer.headers()["location"], error("Verification"));
    assert_eq!(world.session().await, serde_json::json!({}));
}
