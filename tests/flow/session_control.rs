//! Session control: sessions listed and revoked, over every kind of database that needs no server.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use http::HeaderMap;
use http::header::COOKIE;
use serde_json::json;
use typegate::adapter::{
    MemoryAdapter, SessionStore, SqliteAdapter, UserSessionStore, UserStore, VerificationTokenStore,
};
use typegate::{ListedSession, SessionControl, UserSessions};

use super::support::{Browser, Database, NOW, Operation, World, world};

const NAME: &str = "next-auth.session-token";
const DAY: i64 = 86400;

trait Adapter: UserStore + SessionStore + VerificationTokenStore + UserSessionStore + Clone {}

impl<A> Adapter for A where
    A: UserStore + SessionStore + VerificationTokenStore + UserSessionStore + Clone
{
}

async fn sqlite() -> SqliteAdapter {
    let adapter = SqliteAdapter::connect("sqlite::memory:").await.unwrap();
    adapter.migrate().await.unwrap();
    adapter
}

fn process(adapter: impl Adapter) -> (World, SessionControl) {
    let world = world!(site => site.adapter(adapter).session_control().build().unwrap());
    let control = world.auth.session_control().unwrap();
    (world, control)
}

fn headers(browser: &Browser) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let cookies = browser.cookie_header();
    if !cookies.is_empty() {
        headers.insert(COOKIE, cookies.parse().unwrap());
    }
    headers
}

async fn of(control: &SessionControl, browser: &Browser) -> UserSessions {
    control.of_request(&headers(browser)).await.unwrap().unwrap()
}

fn the_other(sessions: &[ListedSession]) -> &ListedSession {
    let mut others = sessions.iter().filter(|session| !session.is_current);
    let other = others.next().unwrap();
    assert!(others.next().is_none(), "{sessions:?}");
    other
}

/// One visitor who is signed in at two browsers: the second is that of the world.
async fn signed_in_twice(world: &mut World) -> Browser {
    world.sign_in("idp").await;
    let second = world.another_browser();
    let first = std::mem::replace(&mut world.browser, second);
    world.clock.advance(60);
    world.sign_in("idp").await;
    first
}

async fn is_signed_in(browser: &mut Browser) -> bool {
    browser.session().await != json!({})
}

async fn the_other_browser_is_signed_out(adapter: impl Adapter) {
    let (mut world, control) = process(adapter);
    let mut first = signed_in_twice(&mut world).await;

    let mine = of(&control, &world.browser).await;
    let list = mine.list().await.unwrap();
    let ends: Vec<i64> = list.iter().map(|session| session.expires.as_second()).collect();
    assert_eq!(ends, [NOW + 60 + 30 * DAY, NOW + 30 * DAY], "the one that ends last first");
    assert_eq!([list[0].is_current, list[1].is_current], [true, false]);
    for browser in [&first, &world.browser] {
        let token = browser.jar.value(NAME).unwrap();
        assert!(!format!("{list:?} {mine:?} {control:?}").contains(token), "a token is shown");
        assert!(!mine.revoke(token).await.unwrap(), "a token is no id");
    }

    assert_eq!(mine.current_id().as_ref(), Some(&list[0].id));
    world.clock.advance(2 * DAY);
    assert!(is_signed_in(&mut world.browser).await);
    let renewed = of(&control, &world.browser).await;
    assert_eq!(renewed.current_id(), mine.current_id(), "an id ends with its session only");
    assert_eq!(control.of_user(mine.user_id()).current_id(), None);

    let other = the_other(&list).id.clone();
    assert!(mine.revoke(&other).await.unwrap());
    assert!(!mine.revoke(&other).await.unwrap(), "it was revoked twice");
    assert!(!is_signed_in(&mut first).await);
    assert!(first.jar.value(NAME).is_none(), "the cookie is kept");
    assert!(control.of_request(&headers(&first)).await.unwrap().is_none());
    assert!(is_signed_in(&mut world.browser).await);
    assert_eq!(of(&control, &world.browser).await.list().await.unwrap().len(), 1);
}

#[tokio::test]
async fn one_session_can_be_revoked() {
    the_other_browser_is_signed_out(MemoryAdapter::new()).await;
    the_other_browser_is_signed_out(sqlite().await).await;
}

async fn all_others_are_signed_out(adapter: impl Adapter) {
    let (mut world, control) = process(adapter);
    let mut first = signed_in_twice(&mut world).await;
    let second = world.another_browser();
    let mut second = std::mem::replace(&mut world.browser, second);
    // Somebody else.
    world.sign_in("github").await;

    assert_eq!(of(&control, &first).await.revoke_others().await.unwrap(), 1);
    assert!(is_signed_in(&mut first).await);
    assert!(!is_signed_in(&mut second).await);
    assert!(is_signed_in(&mut world.browser).await, "somebody else");
    assert_eq!(of(&control, &first).await.revoke_others().await.unwrap(), 0);

    let id = of(&control, &first).await.user_id().to_owned();
    assert_eq!(control.of_user(id).revoke_all().await.unwrap(), 1);
    assert!(!is_signed_in(&mut first).await);
    assert!(is_signed_in(&mut world.browser).await, "somebody else");
}

#[tokio::test]
async fn all_other_sessions_can_be_revoked() {
    all_others_are_signed_out(MemoryAdapter::new()).await;
    all_others_are_signed_out(sqlite().await).await;
}

async fn sessions_of_somebody_else_are_out_of_reach(adapter: impl Adapter) {
    let (mut world, control) = process(adapter);
    world.sign_in("idp").await;
    let theirs = of(&control, &world.browser).await.list().await.unwrap();
    let another = world.another_browser();
    let mut victim = std::mem::replace(&mut world.browser, another);
    world.sign_in("github").await;

    let mine = of(&control, &world.browser).await;
    assert_eq!(mine.list().await.unwrap().len(), 1);
    assert!(!mine.revoke(&theirs[0].id).await.unwrap());
    assert_eq!(mine.revoke_others().await.unwrap(), 0);
    assert_eq!(mine.revoke_all().await.unwrap(), 1);
    assert!(is_signed_in(&mut victim).await);
    assert!(control.of_user("nobody").list().await.unwrap().is_empty());
}

#[tokio::test]
async fn nobody_revokes_the_sessions_of_somebody_else() {
    sessions_of_somebody_else_are_out_of_reach(MemoryAdapter::new()).await;
    sessions_of_somebody_else_are_out_of_reach(sqlite().await).await;
}

#[tokio::test]
async fn sessions_that_have_ended_are_not_listed() {
    let (mut world, control) = process(MemoryAdapter::new());
    let first = signed_in_twice(&mut world).await;
    let old = headers(&first);
    let mine = of(&control, &world.browser).await;
    // The first is good up to and including its last moment, as for `GET session`.
    world.clock.advance(30 * DAY - 60);
    assert_eq!(mine.list().await.unwrap().len(), 2);
    assert!(control.of_request(&old).await.unwrap().is_some());
    world.clock.advance(1);
    let list = mine.list().await.unwrap();
    assert_eq!(list.iter().map(|session| session.is_current).collect::<Vec<_>>(), [true]);
    assert!(control.of_request(&old).await.unwrap().is_none());
}

#[tokio::test]
async fn visitors_have_no_sessions() {
    let (mut world, control) = process(MemoryAdapter::new());
    assert!(control.of_request(&headers(&world.browser)).await.unwrap().is_none());
    for token in ["unknown", "%20", ""] {
        world.browser.jar.plant(NAME, token);
        assert!(control.of_request(&headers(&world.browser)).await.unwrap().is_none(), "{token}");
    }
}

async fn two_processes_agree(adapter: impl Adapter) {
    let (mut here, control) = process(adapter.clone());
    let (mut there, control_there) = process(adapter);
    here.sign_in("idp").await;
    there.browser.jar.plant(NAME, here.browser.jar.value(NAME).unwrap());
    assert_eq!(there.browser.session().await, here.browser.session().await);
    let mine = of(&control, &here.browser).await;
    assert_eq!(
        of(&control_there, &there.browser).await.list().await.unwrap(),
        mine.list().await.unwrap()
    );
    assert_eq!(mine.revoke_all().await.unwrap(), 1);
    assert!(!is_signed_in(&mut there.browser).await);
}

#[tokio::test]
async fn a_session_that_one_process_revokes_is_over_at_the_other() {
    two_processes_agree(MemoryAdapter::new()).await;
    two_processes_agree(sqlite().await).await;
}

/// Somebody whose sessions cannot be read is not "nobody", and nothing counts as revoked.
#[tokio::test]
async fn r106_a_failing_database_is_an_error() {
    let database = Database::default();
    let (mut world, control) = process(database.clone());
    world.sign_in("idp").await;
    let mine = of(&control, &world.browser).await;
    let id = mine.list().await.unwrap()[0].id.clone();
    database.fail_at(&[
        Operation::SessionAndUser,
        Operation::DeleteSession,
        Operation::SessionsOfUser,
        Operation::DeleteSessionsOfUser,
    ]);
    let error = control.of_request(&headers(&world.browser)).await.unwrap_err();
    assert!(error.is_adapter());
    assert!(mine.list().await.is_err());
    assert!(mine.revoke_others().await.is_err());
    assert!(mine.revoke_all().await.is_err());
    database.fail_at(&[Operation::DeleteSession]);
    assert!(mine.revoke(&id).await.is_err());
    assert!(mine.revoke("unknown").await.is_ok());
}

/// The address of the database, for the process that a test starts.
const DATABASE: &str = "TYPEGATE_TEST_SESSION_CONTROL";

/// The same between two processes of the operating system.
#[tokio::test]
async fn a_session_that_one_process_revokes_is_over_at_a_running_one() {
    let folder = std::env::temp_dir().join(format!("typegate-sessions-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let url = format!("sqlite://{}", folder.join("auth.db").display());
    let adapter = SqliteAdapter::connect(&url).await.unwrap();
    adapter.migrate().await.unwrap();
    let (mut world, control) = process(adapter);
    let mut first = signed_in_twice(&mut world).await;
    let mine = of(&control, &world.browser).await;

    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["session_control::the_running_process", "--exact", "--nocapture"])
        .env(DATABASE, url)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut is_signed_in_there = |browser: &Browser| {
        writeln!(input, "{}", browser.jar.value(NAME).unwrap()).unwrap();
        loop {
            // Past what the test harness prints.
            let line = lines.next().expect("the process is alive").unwrap();
            if let Some((_, answer)) = line.split_once("signed in: ") {
                return answer == "true";
            }
        }
    };
    assert!(is_signed_in_there(&first) && is_signed_in_there(&world.browser));
    assert_eq!(mine.revoke_others().await.unwrap(), 1);
    assert!(!is_signed_in_there(&first));
    assert!(is_signed_in_there(&world.browser));
    assert!(!is_signed_in(&mut first).await);

    drop(input);
    child.wait().unwrap();
    std::fs::remove_dir_all(folder).unwrap();
}

/// Does nothing unless another test started it.
#[tokio::test]
async fn the_running_process() {
    let Ok(url) = std::env::var(DATABASE) else { return };
    let (mut world, _) = process(SqliteAdapter::connect(&url).await.unwrap());
    for token in std::io::stdin().lines() {
        world.browser.jar.plant(NAME, &token.unwrap());
        println!("signed in: {}", is_signed_in(&mut world.browser).await);
    }
}
