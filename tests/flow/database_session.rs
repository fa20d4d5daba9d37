//! Database sessions: `session` and `signout` where sessions are rows.

use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue};
use jiff::Timestamp;
use serde_json::{Value, json};
use typegate::adapter::SessionStore as _;
use typegate::error::Flow;
use typegate::hooks::{Callbacks, Events, SessionSource, SignedOut, Trigger};
use typegate::{CallbackError, DefaultSession, NewSession, SessionToken};

use super::support::{Database, NOW, ORIGIN, Operation, World, world};

const NAME: &str = "next-auth.session-token";
const DAY: i64 = 86400;

async fn signed_in(strategy: impl Into<typegate::Database>) -> (World, Database) {
    let database = Database::default();
    let mut world =
        world!(site => site.adapter(database.clone()).session(strategy.into()).build().unwrap());
    world.sign_in("idp").await;
    database.asked();
    world.lines.take();
    (world, database)
}

fn iso(second: i64) -> Value {
    format!("{:.3}", Timestamp::from_second(second).unwrap()).into()
}

async fn row(world: &World, database: &Database) -> Option<i64> {
    let token = SessionToken::new(world.browser.jar.value(NAME)?);
    let found = database.rows.session_and_user(&token).await.unwrap();
    found.map(|(session, _)| session.expires.as_second())
}

#[tokio::test]
async fn the_cookie_is_a_random_uuid_and_the_body_has_the_stored_end() {
    let (mut world, database) = signed_in(typegate::Database::default()).await;
    let token = world.browser.jar.value(NAME).unwrap().to_owned();
    let is_v4 = token.len() == 36
        && token.as_bytes()[14] == b'4'
        && b"89ab".contains(&token.as_bytes()[19]);
    assert!(is_v4, "{token}");
    world.clock.advance(3600);
    let answer = world.browser.get("/api/auth/session").await;
    let user = json!({
        "name": "Jane Doe", "email": "jane@example.com", "image": "https://id.example/jane.png",
    });
    assert_eq!(answer.json(), json!({ "user": user, "expires": iso(NOW + 30 * DAY) }));
    // v4 does: the cookie gets a new end even though none was stored.
    let cookie = answer.cookie(NAME).unwrap();
    assert_eq!((&*cookie.value, cookie.expires), (&*token, Some(NOW + 3600 + 30 * DAY)));
    assert_eq!(database.asked(), [Operation::SessionAndUser]);
}

/// v4 answers `{}`.
#[tokio::test]
async fn r106_a_database_that_takes_no_writes_signs_nobody_out() {
    let strategy = typegate::Database::default().max_age(10_000).update_age(1000);
    let (mut world, database) = signed_in(strategy).await;
    let body = world.browser.get("/api/auth/session").await.json();
    for wait in [1001, 3999] {
        world.clock.advance(wait);
        database.fail_at(&[Operation::UpdateSession]);
        assert_eq!(world.browser.get("/api/auth/session").await.json(), body);
        assert_eq!(row(&world, &database).await, Some(NOW + 10_000));
    }
    // Nor does a page send a cookie for what was not extended.
    let (session, cookies) = page(&world, &world.browser.cookie_header()).await;
    assert!(session.is_some() && cookies.is_empty(), "{cookies:?}");
    let lines = world.lines.take().into_iter().map(|line| (line.code, line.flow));
    let expected = ("adapter_error_updateSession".to_owned(), Flow::Session);
    assert_eq!(lines.collect::<Vec<_>>(), vec![expected; 3]);

    let held = world.browser.cookie_header();
    world.clock.advance(5001);
    assert!(page(&world, &held).await.0.is_none(), "behind its end");

    let (world, database) = signed_in(strategy).await;
    world.clock.advance(5000);
    let (_, cookies) = page(&world, &world.browser.cookie_header()).await;
    assert_eq!(cookies.len(), 1);
    assert_eq!(row(&world, &database).await, Some(NOW + 15_000));
}

/// Nor does one that has ended and cannot be removed.
#[tokio::test]
async fn r106_an_ended_row_beside_the_session_signs_nobody_out() {
    let (world, database) = signed_in(typegate::Database::default()).await;
    let held = world.browser.cookie_header();
    let token = SessionToken::new(world.browser.jar.value(NAME).unwrap());
    let (_, user) = database.rows.session_and_user(&token).await.unwrap().unwrap();
    let end = Timestamp::from_second(NOW - 1).unwrap();
    database.rows.create_session(NewSession::new("ended".into(), &user.id, end)).await.unwrap();
    database.fail_at(&[Operation::DeleteSession]);

    let (session, _) = page(&world, &format!("{NAME}=ended; {held}")).await;
    assert!(session.is_some());
    let lines = world.lines.take().into_iter().map(|line| (line.code, line.flow));
    let expected = ("adapter_error_deleteSession".to_owned(), Flow::Session);
    assert_eq!(lines.collect::<Vec<_>>(), [expected]);
    assert!(page(&world, &format!("{NAME}=ended")).await.0.is_none());
}

/// What a page learns of whoever sends these cookies, and those that it sends itself.
async fn page(world: &World, cookies: &str) -> (Option<DefaultSession>, Vec<HeaderValue>) {
    let headers = HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(cookies).unwrap())]);
    let (session, due) = world.auth.session_and_cookies(&headers).await;
    let mut sent = HeaderMap::new();
    due.append_to(&mut sent);
    (session.ok().flatten(), sent.get_all(SET_COOKIE).iter().cloned().collect())
}

#[tokio::test]
async fn r104_a_read_writes_once_in_an_update_age() {
    let strategy = typegate::Database::default().max_age(10_000).update_age(1000);
    let (mut world, database) = signed_in(strategy).await;
    let read = [Operation::SessionAndUser];
    let written = [Operation::SessionAndUser, Operation::UpdateSession];
    for (wait, expected, shown, end) in [
        (999, &read[..], NOW + 10_000, NOW + 10_000),
        (1, &written, NOW + 10_000, NOW + 11_000),
        (0, &read, NOW + 11_000, NOW + 11_000),
        (999, &read, NOW + 11_000, NOW + 11_000),
        (1, &written, NOW + 11_000, NOW + 12_000),
    ] {
        world.clock.advance(wait);
        assert_eq!(world.browser.session().await["expires"], iso(shown));
        assert_eq!(database.asked(), expected, "{wait}");
        assert_eq!(row(&world, &database).await, Some(end));
    }
    let always = typegate::Database::default().update_age(0);
    let (mut world, database) = signed_in(always).await;
    for _ in 0..3 {
        world.browser.session().await;
        assert_eq!(database.asked(), written);
    }
}

#[tokio::test]
async fn r104_an_expired_row_is_deleted_on_sight() {
    let strategy = typegate::Database::default().max_age(100).update_age(1000);
    let (mut world, database) = signed_in(strategy).await;
    let token = world.browser.jar.value(NAME).unwrap().to_owned();
    world.clock.advance(100);
    world.browser.jar.plant(NAME, &token);
    assert_eq!(world.browser.session().await["user"]["name"], "Jane Doe");
    world.clock.advance(1);
    world.browser.jar.plant(NAME, &token);
    database.asked();
    let answer = world.browser.get("/api/auth/session").await;
    assert_eq!(answer.outline(), ["200 {}", "-session-token"]);
    assert_eq!(database.asked(), [Operation::SessionAndUser, Operation::DeleteSession]);
    assert_eq!(row(&world, &database).await, None);
    assert!(world.lines.codes().is_empty());
}

#[tokio::test]
async fn an_unknown_token_is_cleared() {
    let (mut world, _) = signed_in(typegate::Database::default()).await;
    for token in ["unknown", "%20", "' OR 1=1 --", "a.b.c.d.e"] {
        world.browser.jar.plant(NAME, &token.replace(' ', "%20"));
        let answer = world.browser.get("/api/auth/session").await;
        assert_eq!(answer.outline(), ["200 {}", "-session-token"], "{token}");
    }
}

#[tokio::test]
async fn r106_a_failing_database_loses_no_session() {
    let strategy = typegate::Database::default().update_age(0);
    let (mut world, database) = signed_in(strategy).await;
    database.fail_at(&[Operation::SessionAndUser]);
    let answer = world.browser.get("/api/auth/session").await;
    assert_eq!(answer.outline(), ["200 {}"]);
    let lines = world.lines.take();
    let codes: Vec<&str> = lines.iter().map(|line| &*line.code).collect();
    assert_eq!(codes, ["adapter_error_getSessionAndUser", "SESSION_ERROR"]);
    assert!(lines[0].message.contains("db.internal"));
    database.fail_at(&[]);
    assert_eq!(world.browser.session().await["user"]["name"], "Jane Doe");
}

#[tokio::test]
async fn r103_sign_out_deletes_the_row() {
    let (mut world, database) = signed_in(typegate::Database::default()).await;
    let token = world.browser.jar.value(NAME).unwrap().to_owned();
    let answer = world.browser.post("/api/auth/signout", &[("callbackUrl", "/bye")]).await;
    assert_eq!(answer.outline(), [&format!("302 {ORIGIN}/bye"), "callback-url", "-session-token"]);
    assert_eq!(database.asked(), [Operation::DeleteSession]);
    world.browser.jar.plant(NAME, &token);
    assert_eq!(world.browser.session().await, json!({}));
}

#[tokio::test]
async fn sign_out_completes_although_the_database_fails() {
    let (mut world, database) = signed_in(typegate::Database::default()).await;
    database.fail_at(&[Operation::DeleteSession]);
    let answer = world.browser.post("/api/auth/signout", &[]).await;
    assert_eq!(answer.outline(), [&format!("302 {ORIGIN}/next"), "-session-token"]);
    assert_eq!(world.lines.codes(), ["adapter_error_deleteSession", "SIGNOUT_ERROR"]);
}

#[tokio::test]
async fn callbacks_and_events_see_rows() {
    use std::sync::{Arc, Mutex};

    let told: Arc<Mutex<Vec<String>>> = Arc::default();
    let (of_read, of_end) = (Arc::clone(&told), Arc::clone(&told));
    let events = Events::new()
        .session(move |event| {
            assert!(event.token.is_none());
            of_read.lock().unwrap().push(format!("read {}", event.session["name"]));
            async { Ok(()) }
        })
        .sign_out(move |event| {
            let SignedOut::Session(Some(session)) = event else { unreachable!() };
            of_end.lock().unwrap().push(format!("ended {}", session.user_id.is_empty()));
            async { Ok(()) }
        });
    let callbacks = Callbacks::new().session(|request| async move {
        let SessionSource::User(user) = request.source else { unreachable!() };
        if request.update == Some(json!("fail")) {
            return Err(CallbackError::new("no"));
        }
        Ok(json!({ "name": user.name, "expires": request.session.expires, "data": request.update }))
    });
    let database = Database::default();
    let mut world = world!(site => {
        site.adapter(database.clone()).callbacks(callbacks).events(events).build().unwrap()
    });
    world.sign_in("idp").await;
    assert_eq!(world.browser.session().await["data"], json!(null));
    let token = world.browser.csrf_token().await;
    let update = |data: &str| json!({ "csrfToken": token, "data": data });
    let answer = world.browser.post_json("/api/auth/session", &update("x")).await;
    assert_eq!(answer.json()["data"], "x");
    assert!(answer.cookie(NAME).is_some());
    let answer = world.browser.post_json("/api/auth/session", &update("fail")).await;
    assert_eq!(answer.outline(), ["200 {}"]);
    assert_eq!(world.lines.codes(), ["SESSION_ERROR"]);
    world.browser.post("/api/auth/signout", &[]).await;
    let expected = ["read \"Jane Doe\"", "read \"Jane Doe\"", "ended false"];
    assert_eq!(*told.lock().unwrap(), expected);
}

#[tokio::test]
async fn r101_the_token_is_never_the_requests_own() {
    let database = Database::default();
    let mut world = world!(site => site.adapter(database.clone()).build().unwrap());
    world.browser.jar.plant(NAME, "chosen-by-the-attacker");
    world.sign_in("idp").await;
    assert_ne!(world.browser.jar.value(NAME), Some("chosen-by-the-attacker"));
    let token = SessionToken::new("chosen-by-the-attacker");
    assert!(database.rows.session_and_user(&token).await.unwrap().is_none());
}

#[tokio::test]
async fn members_of_a_row_that_are_missing_are_null() {
    let (mut world, _) = signed_in(typegate::Database::default()).await;
    world.browser = world.another_browser();
    world.idp.change(|idp| {
        for name in ["name", "email", "picture"] {
            idp.claims.insert(name, None);
        }
        idp.claims.insert("sub", Some(json!("nameless")));
    });
    world.sign_in("idp").await;
    let user = json!({ "name": null, "email": null, "image": null });
    assert_eq!(world.browser.session().await["user"], user);
}

#[tokio::test]
async fn members_of_a_row_stay_null_in_a_session_callback_until_it_sets_them() {
    let callbacks = Callbacks::new().session(|request| async move {
        let is_update = request.trigger == Trigger::Update;
        let mut session = request.session;
        if is_update {
            session.user.image = Some("/default.png".into());
        }
        Ok(session)
    });
    let mut world = world!(site => {
        site.adapter(Database::default()).callbacks(callbacks).build().unwrap()
    });
    world.idp.change(|idp| drop(idp.claims.insert("picture", None)));
    world.sign_in("idp").await;
    let session = world.browser.session().await;
    assert_eq!(session["user"].as_object().unwrap().get("image"), Some(&json!(null)));
    // An update without data is an update.
    let body = json!({ "csrfToken": world.browser.csrf_token().await });
    let answer = world.browser.post_json("/api/auth/session", &body).await;
    assert_eq!(answer.json()["user"]["image"], "/default.png");
}
