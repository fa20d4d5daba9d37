//! The session provider's state machine. The clock is tokio's, paused: it jumps to the next timer
//! when every task waits.

mod failure;
mod in_step;
mod update;

use std::time::Duration;

use typegate::DefaultSession;
use typegate::client::{
    CurrentSession, Initial, SessionProvider, SessionProviderBuilder, SessionState, Status,
};

use crate::support::FakeSite;

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

/// A program that shows the session in ten thousand places, all of which wait for the next change.
#[tokio::test(start_paused = true)]
async fn ten_thousand_views_are_one_request_and_hear_of_every_change() {
    const VIEWS: usize = 10_000;
    let site = FakeSite::with_session("Ada");
    let provider = builder(&site).start();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..VIEWS {
        let mut view = provider.subscribe();
        tasks.spawn(async move {
            let mut names = Vec::new();
            while names.len() < 2 {
                view.changed().await.unwrap();
                let state = view.borrow_and_update();
                names.extend(state.session().unwrap().user.name.clone());
            }
            names
        });
    }
    settle().await;
    assert_eq!(site.take_lines(), [READ]);
    site.session("Countess");
    provider.host().focused();
    let heard = tasks.join_all().await;
    assert!(heard.len() == VIEWS && heard.iter().all(|names| *names == ["Ada", "Countess"]));
    assert_eq!(site.take_lines(), [READ]);
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
async fn the_first_question_is_asked_whatever_the_host_says_of_the_network() {
    let site = FakeSite::with_session("Ada");
    let ten = Duration::from_secs(10);
    let provider = builder(&site).refetch_interval(ten).refetch_when_offline(false).start();
    // All of it before the provider has had a moment to ask.
    provider.host().focused();
    provider.host().offline();
    settle().await;
    assert_eq!(site.take_lines(), [READ]);
    assert_eq!(name(&provider), "Ada");
    wait(MINUTE).await;
    assert!(site.take_lines().is_empty());
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
