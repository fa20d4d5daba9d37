//! Session updates at typegate.

use serde_json::{Value, json};
use typegate::client::CurrentSession;

use crate::support::{BASE, Site};

#[tokio::test]
async fn an_update_posts_the_data_and_answers_the_new_session() {
    let site = Site::new();
    let client = site.signed_in().await;
    let updated = client.update(&json!({ "name": "Countess" })).await.unwrap();
    let session = updated.authenticated().unwrap();
    assert_eq!(session.user.name.as_deref(), Some("Countess"));
    let seen = site.take_seen();
    let lines: Vec<_> = seen.iter().map(|seen| seen.line(BASE)).collect();
    assert_eq!(lines, ["GET /csrf", "POST /session"]);
    assert_eq!(seen[1].header("content-type"), Some("application/json"));
    let body: Value = serde_json::from_str(&seen[1].body).unwrap();
    assert_eq!(body["csrfToken"].as_str().unwrap().len(), 64);
    assert_eq!(body["data"], json!({ "name": "Countess" }));
    // It stays.
    assert_eq!(client.session().await.unwrap().authenticated().unwrap(), session);
}

#[tokio::test]
async fn an_update_without_data_is_a_post_without_data() {
    let site = Site::new();
    let client = site.signed_in().await;
    let session = client.refresh().await.unwrap().authenticated().unwrap();
    assert_eq!(session.user.name.as_deref(), Some("Ada, looked up again"));
    let post = site.take_seen().remove(1);
    assert_eq!(post.line(BASE), "POST /session");
    let body: Value = serde_json::from_str(&post.body).unwrap();
    assert_eq!(body.as_object().unwrap().keys().collect::<Vec<_>>(), ["csrfToken"]);
}

#[tokio::test]
async fn an_update_of_nobody_is_nobodys_session() {
    let client = Site::new().client();
    let updated = client.update(&json!({ "name": "Countess" })).await.unwrap();
    assert_eq!(updated, CurrentSession::Unauthenticated);
}
