//! Session updates through the session provider.

use serde_json::json;
use typegate::client::{CurrentSession, SessionState, Status};

use super::{READ, builder, name, settle};
use crate::support::FakeSite;

#[tokio::test(start_paused = true)]
async fn an_update_shows_while_it_runs_and_keeps_the_session_readable() {
    let site = FakeSite::with_session("Ada");
    let provider = builder(&site).start();
    settle().await;
    site.take_lines();
    site.json("POST /session", &json!({ "user": { "name": "Countess" }, "expires": "" }));
    site.hold("POST /session");
    let updating = provider.clone();
    let update = tokio::spawn(async move { updating.update(&json!({ "name": "Countess" })).await });
    settle().await;
    assert!(matches!(provider.state(), SessionState::Updating(_)));
    assert_eq!(provider.state().status(), Status::Loading);
    assert_eq!(name(&provider), "Ada");
    site.release();
    let session = update.await.unwrap().unwrap().authenticated().unwrap();
    assert_eq!(session.user.name.as_deref(), Some("Countess"));
    assert!(matches!(provider.state(), SessionState::Authenticated(_)));
    assert_eq!(name(&provider), "Countess");
    assert_eq!(site.take_lines(), ["GET /csrf", "POST /session"]);
}

#[tokio::test(start_paused = true)]
async fn an_update_before_the_first_answer_waits_for_it() {
    for _ in 0..20 {
        let site = FakeSite::with_session("Ada");
        site.json("POST /session", &json!({ "user": { "name": "Countess" }, "expires": "" }));
        let provider = builder(&site).start();
        assert!(provider.refresh().await.unwrap().is_authenticated());
        assert_eq!(site.take_lines(), [READ, "GET /csrf", "POST /session"]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_update_that_fails_changes_nothing() {
    let site = FakeSite::with_session("Ada");
    let provider = builder(&site).start();
    settle().await;
    site.answer("POST /session", 500, &[], "");
    let error = provider.refresh().await.unwrap_err();
    assert_eq!(error.status_code().unwrap().as_u16(), 500);
    assert!(matches!(provider.state(), SessionState::Authenticated(_)));
    assert_eq!(name(&provider), "Ada");
    // The site says that nobody is signed in any more: that is an answer.
    site.json("POST /session", &json!({}));
    assert_eq!(provider.refresh().await.unwrap(), CurrentSession::Unauthenticated);
    assert!(matches!(provider.state(), SessionState::Unauthenticated));
    site.take_lines();
    // And now there is nothing to update.
    assert_eq!(provider.refresh().await.unwrap(), CurrentSession::Unauthenticated);
    assert!(site.take_lines().is_empty());
}
