//! The session provider's state machine. The clock is tokio's and stands still: it jumps to the
//! next timer when everybody waits.

use std::time::Duration;

use serde_json::json;
use typegate::DefaultSession;
use typegate::client::{
    Client, CurrentSession, Initial, SessionChannel, SessionProvider, SessionProviderBuilder,
    SessionState, Status,
};

use crate::support::{FakeSite, Site};

const MINUTE: u64 = 60;

fn builder(site: &FakeSite) -> SessionProviderBuilder<DefaultSession> {
    SessionProvider::builder(site.client())
}

/// Lets everybody do what can be done now.
async fn settle() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}

/// On a clock that stands still this takes no time.
async fn wait(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

fn name(provider: &SessionProvider<DefaultSession>) -> String {
    let state = provider.state();
    let session = state.session().unwrap();
    session.user.name.clone().unwrap()
}

fn known(name: &str) -> Initial<DefaultSession> {
    let mut session = DefaultSession::default();
    session.user.name = Some(name.to_owned());
    Initial::Known(CurrentSession::Authenticated(session))
}

const READ: &str = "GET /session";

#[tokio::test(start_paused = true)]
async fn without_an_initial_value_the_site_is_asked_once_for_all_views() {
    let site = FakeSite::with_session("Ada");
    let provider = builder(&site).start();
    let views = [provider.subscribe(), provider.clone().subscribe(), provider.subscribe()];
    assert!(matches!(provider.state(), SessionState::Loading));
    assert_eq!(provider.state().status(), Status::Loading);
    settle().await;
    assert_eq!(provider.state().status(), Status::Authenticated);
    for view in &views {
        assert_eq!(view.borrow().session().unwrap().user.name.as_deref(), Some("Ada"));
    }
    assert_eq!(site.take_lines(), [READ]);

    let site = FakeSite::new();
    site.signed_out();
    let provider = builder(&site).start();
    settle().await;
    assert_eq!(provider.state().status(), Status::Unauthenticated);
}

#[tokio::test(start_paused = true)]
async fn a_known_session_and_a_known_sign_out_are_not_asked_for() {
    let site = FakeSite::with_session("Ada");
    let provider = builder(&site).initial(known("Given")).start();
    assert_eq!(name(&provider), "Given");
    let nobody = Initial::Known(CurrentSession::Unauthenticated);
    let other = builder(&site).initial(nobody).refetch_interval(Duration::from_secs(1)).start();
    assert_eq!(other.state().status(), Status::Unauthenticated);
    wait(10 * MINUTE).await;
    assert!(site.take_lines().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_interval_asks_only_while_somebody_is_signed_in() {
    let site = FakeSite::with_session("Ada");
    let provider = builder(&site).refetch_interval(Duration::from_millis(1_500)).start();
    settle().await;
    site.take_lines();
    wait(15).await;
    assert_eq!(site.take_lines().len(), 10);
    site.session("Countess");
    wait(2).await;
    assert_eq!(name(&provider), "Countess");
    site.signed_out();
    wait(2).await;
    assert_eq!(provider.state().status(), Status::Unauthenticated);
    site.take_lines();
    site.session("Ada");
    wait(MINUTE).await;
    assert!(site.take_lines().is_empty());
}

#[tokio::test(start_paused = true)]
async fn focus_asks_only_while_somebody_is_signed_in_and_if_it_is_wanted() {
    let site = FakeSite::with_session("Ada");
    let (provider, deaf) = (builder(&site).start(), builder(&site).refetch_on_focus(false).start());
    settle().await;
    site.take_lines();
    provider.host().focused();
    deaf.host().focused();
    settle().await;
    assert_eq!(site.take_lines(), [READ]);
    site.signed_out();
    provider.host().focused();
    settle().await;
    site.take_lines();
    provider.host().focused();
    settle().await;
    assert!(site.take_lines().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_interval_rests_offline_and_starts_anew_online() {
    let site = FakeSite::with_session("Ada");
    let ten = Duration::from_secs(10);
    let provider = builder(&site).refetch_interval(ten).refetch_when_offline(false).start();
    settle().await;
    site.take_lines();
    wait(5).await;
    provider.host().offline();
    wait(MINUTE).await;
    assert!(site.take_lines().is_empty());
    // Only the interval rests.
    provider.host().focused();
    settle().await;
    assert_eq!(site.take_lines(), [READ]);
    wait(MINUTE).await;
    assert!(site.take_lines().is_empty());
    provider.host().online();
    wait(9).await;
    assert!(site.take_lines().is_empty());
    wait(2).await;
    assert_eq!(site.take_lines(), [READ]);

    let steady = builder(&site).refetch_interval(ten).start();
    settle().await;
    site.take_lines();
    drop(provider);
    steady.host().offline();
    wait(11).await;
    assert_eq!(site.take_lines(), [READ]);
}

#[tokio::test(start_paused = true)]
async fn there_is_one_request_at_a_time_and_a_second_look_joins_it() {
    let site = FakeSite::with_session("Ada");
    let provider = builder(&site).refetch_interval(Duration::from_secs(1)).start();
    settle().await;
    site.take_lines();
    site.hold(READ);
    let host = provider.host();
    for _ in 0..10 {
        host.focused();
        settle().await;
        assert_eq!(site.waiting(), 1);
    }
    wait(MINUTE).await;
    assert_eq!(site.take_lines(), [READ]);
    site.release();
    settle().await;
    assert!(site.take_lines().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_refetch_does_not_show() {
    let site = FakeSite::with_session("Ada");
    let provider = builder(&site).start();
    settle().await;
    site.hold(READ);
    provider.host().focused();
    settle().await;
    assert_eq!(provider.state().status(), Status::Authenticated);
}

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

/// Two views of one session, on one channel, as two tabs.
fn tabs(site: &FakeSite) -> [SessionProvider<DefaultSession>; 2] {
    let channel = SessionChannel::new();
    let tab = || SessionProvider::builder(site.client_on(channel.clone())).start();
    [tab(), tab()]
}

#[tokio::test(start_paused = true)]
async fn instances_are_in_step_and_never_echo() {
    let site = FakeSite::with_session("Ada");
    let [here, there] = tabs(&site);
    settle().await;
    assert_eq!(site.take_lines(), [READ; 2]);

    // An update here is a read there, and that is all.
    site.json("POST /session", &json!({ "user": { "name": "Countess" }, "expires": "" }));
    site.session("Countess");
    here.refresh().await.unwrap();
    wait(MINUTE).await;
    assert_eq!((name(&here), name(&there)), ("Countess".into(), "Countess".into()));
    assert_eq!(site.take_lines(), ["GET /csrf", "POST /session", READ]);

    // News found by looking are told; no news are not.
    site.session("Lovelace");
    here.host().focused();
    wait(MINUTE).await;
    assert_eq!(name(&there), "Lovelace");
    assert_eq!(site.take_lines(), [READ; 2]);
    here.host().focused();
    wait(MINUTE).await;
    assert_eq!(site.take_lines(), [READ]);

    // A later end of the same session is no news.
    let later = json!({ "user": { "name": "Lovelace" }, "expires": "2031-01-01T00:00:00.000Z" });
    site.json(READ, &later);
    here.host().focused();
    wait(MINUTE).await;
    assert_eq!(site.take_lines(), [READ]);
}

#[tokio::test(start_paused = true)]
async fn a_sign_out_while_the_site_is_asked_is_not_missed() {
    let site = FakeSite::with_session("Ada");
    let [here, there] = tabs(&site);
    settle().await;
    site.hold(READ);
    there.host().focused();
    settle().await;
    // The question was answered before the sign-out, and the answer is on its way.
    site.signed_out();
    site.json("POST /signout", &json!({ "url": "http://localhost:3000/" }));
    here.client().sign_out().await.unwrap();
    settle().await;
    site.release();
    settle().await;
    assert_eq!(here.state().status(), Status::Unauthenticated);
    assert_eq!(there.state().status(), Status::Unauthenticated);
}

#[tokio::test(start_paused = true)]
async fn signing_in_and_out_reaches_the_providers_of_the_client() {
    let site = Site::new();
    let client: Client = site.client();
    let provider = SessionProvider::builder(client.clone()).start();
    settle().await;
    assert_eq!(provider.state().status(), Status::Unauthenticated);
    client.sign_in("credentials").field("username", "ada").field("password", "no").await.unwrap();
    site.take_seen();
    settle().await;
    assert!(site.take_lines().is_empty(), "a refusal changes nothing");
    client.sign_in("credentials").field("username", "ada").field("password", "1815").await.unwrap();
    settle().await;
    assert_eq!(name(&provider), "Ada Lovelace");
    let lines = ["GET /providers", "GET /csrf", "POST /callback/credentials", READ];
    assert_eq!(site.take_lines(), lines);
    client.sign_out().await.unwrap();
    settle().await;
    assert_eq!(provider.state().status(), Status::Unauthenticated);
    assert_eq!(site.take_lines(), ["GET /csrf", "POST /signout", READ]);
}

#[tokio::test(start_paused = true)]
async fn dropping_the_last_handle_stops_it_even_in_the_middle() {
    let site = FakeSite::with_session("Ada");
    let provider = builder(&site).refetch_interval(Duration::from_secs(1)).start();
    let (other, mut view, host) = (provider.clone(), provider.subscribe(), provider.host());
    settle().await;
    site.hold(READ);
    host.focused();
    settle().await;
    drop(provider);
    settle().await;
    assert_eq!(site.waiting(), 1);
    view.borrow_and_update();
    drop(other);
    settle().await;
    assert_eq!(site.waiting(), 0, "the request was given up");
    assert!(view.changed().await.is_err());
    site.release();
    site.take_lines();
    host.focused();
    wait(MINUTE).await;
    assert!(site.take_lines().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_session_can_be_required() {
    let site = FakeSite::with_session("Ada");
    let provider = builder(&site).start();
    let session = provider.require("/account").await.unwrap();
    assert_eq!(session.user.name.as_deref(), Some("Ada"));

    site.signed_out();
    let provider = builder(&site).start();
    let required = provider.require("/account?a=1").await.unwrap_err();
    assert_eq!(
        required.sign_in_page.as_str(),
        "http://localhost:3000/api/auth/signin?error=SessionRequired&callbackUrl=%2Faccount%3Fa%3D1"
    );
}
