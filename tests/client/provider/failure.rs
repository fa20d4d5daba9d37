//! The session provider while its site does not answer, or answers nonsense.

use std::time::Duration;

use typegate::client::{SessionState, Status};

use super::{MINUTE, READ, builder, name, settle, wait};
use crate::support::FakeSite;

#[tokio::test(start_paused = true)]
async fn a_failure_keeps_the_last_session_and_the_provider_goes_on() {
    let site = FakeSite::with_session("Ada");
    let provider = builder(&site).refetch_interval(Duration::from_secs(5 * MINUTE)).start();
    settle().await;
    for (status, body) in [(500, "{}"), (404, "<html>"), (200, "<html>"), (401, "{}"), (200, "[1]")]
    {
        site.answer(READ, status, &[], body);
        provider.host().focused();
        settle().await;
        let SessionState::Stale(session, error) = provider.state() else {
            panic!("{status} {body}")
        };
        assert_eq!(session.user.name.as_deref(), Some("Ada"));
        assert!(error.to_string().starts_with("CLIENT_"), "{error}");
        assert_eq!(provider.state().status(), Status::Authenticated);
    }
    site.session("Ada");
    provider.host().focused();
    settle().await;
    site.take_lines();
    // The interval is long; a failure is followed up sooner, and later and later.
    site.down(READ);
    provider.host().focused();
    settle().await;
    for (pause, lines) in
        [(0, 1), (1, 1), (2, 1), (4, 1), (8, 1), (16, 1), (32, 1), (60, 1), (60, 1)]
    {
        wait(pause).await;
        assert_eq!(site.take_lines().len(), lines, "after {pause} s");
    }
    site.session("Countess");
    wait(MINUTE).await;
    assert!(matches!(provider.state(), SessionState::Authenticated(_)));
    assert_eq!(name(&provider), "Countess");
    site.take_lines();
    wait(4 * MINUTE).await;
    assert!(site.take_lines().is_empty());
    wait(MINUTE).await;
    assert_eq!(site.take_lines(), [READ]);
}

#[tokio::test(start_paused = true)]
async fn a_site_that_never_answered_is_not_a_sign_out() {
    let site = FakeSite::new();
    site.down(READ);
    let provider = builder(&site).start();
    settle().await;
    assert!(matches!(provider.state(), SessionState::Unreachable(_)));
    assert_eq!(provider.state().status(), Status::Loading);
    // The network comes back, and with it the answer, without waiting for the pause to end.
    wait(MINUTE).await;
    site.take_lines();
    site.session("Ada");
    provider.host().offline();
    provider.host().online();
    settle().await;
    assert_eq!(name(&provider), "Ada");
    assert_eq!(site.take_lines(), [READ]);
}

/// What the host says while the site is being asked counts as much as what it says later.
#[tokio::test(start_paused = true)]
async fn a_network_that_comes_back_during_a_question_is_not_overheard() {
    let site = FakeSite::with_session("Ada");
    let provider = builder(&site).start();
    settle().await;
    provider.host().offline();
    site.down(READ);
    provider.host().focused();
    wait(4 * MINUTE).await;
    // One more question fails that was asked before the network was there.
    site.hold(READ);
    wait(MINUTE).await;
    provider.host().online();
    site.session("Countess");
    site.take_lines();
    site.release();
    settle().await;
    assert_eq!(site.take_lines(), [READ]);
    assert_eq!(name(&provider), "Countess");
}

#[tokio::test(start_paused = true)]
async fn only_the_sites_word_signs_out() {
    for body in ["{}", "null"] {
        let site = FakeSite::with_session("Ada");
        let provider = builder(&site).start();
        settle().await;
        site.answer(READ, 200, &[], body);
        provider.host().focused();
        settle().await;
        assert!(matches!(provider.state(), SessionState::Unauthenticated));
    }
}
