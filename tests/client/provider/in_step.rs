//! Several session providers of one session, in step with each other.

use serde_json::json;
use typegate::DefaultSession;
use typegate::client::{Client, SessionChannel, SessionProvider, Status};

use super::{MINUTE, READ, name, settle, wait};
use crate::support::{FakeSite, Site};

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
