//! `POST _log`: lines from strangers.

use http::Method;
use serde_json::json;
use typegate::Level;

use super::support::{Browser, IdentityProvider, World, client_of, site};

#[tokio::test]
async fn a_known_level_reaches_the_applications_logger_whole() {
    let mut world = World::new();
    let fields = [
        ("level", "error"),
        ("code", "CLIENT_FETCH_ERROR"),
        ("message", "failed"),
        ("client", "true"),
    ];
    let answer = world.browser.submit("/api/auth/_log", &fields).await;
    assert_eq!(answer.outline(), ["200 "]);
    let lines = world.lines.take();
    assert_eq!(
        (lines.len(), lines[0].level, &*lines[0].code),
        (1, Level::Error, "CLIENT_FETCH_ERROR")
    );
    assert_eq!(lines[0].message, r#"{"message":"failed","client":"true"}"#);
    for (name, level) in [("warn", Level::Warn), ("debug", Level::Debug)] {
        let body = json!({ "level": name, "code": "X" });
        world.browser.post_json("/api/auth/_log", &body).await;
        assert_eq!(world.lines.take()[0].level, level);
    }
}

#[tokio::test]
async fn r161_anything_else_is_one_short_warning() {
    let mut world = World::new();
    for body in [
        json!({ "level": "constructor", "code": "X" }),
        json!({ "level": "ERROR", "code": "X" }),
        json!({ "level": ["error"], "code": "X" }),
        json!({ "level": "error" }),
        json!({ "level": "error", "code": 7 }),
        json!({ "level": "error", "code": "c".repeat(3000) }),
        json!({}),
        json!([]),
    ] {
        let answer = world.browser.post_json("/api/auth/_log", &body).await;
        assert_eq!(answer.outline(), ["200 "], "{body:.60}");
        let lines = world.lines.take();
        assert_eq!((lines.len(), &*lines[0].code), (1, "LOGGER_ERROR"), "{body:.60}");
    }
}

#[tokio::test]
async fn r161_a_line_is_short_and_stays_one_line() {
    let mut world = World::new();
    let body = json!({
        "level": "error", "code": "A\r\nERROR forged\u{1b}[31m",
        "message": format!("b\r\n\u{202e}{}", "x".repeat(60_000)),
    });
    world.browser.post_json("/api/auth/_log", &body).await;
    let lines = world.lines.take();
    assert!(lines[0].code.starts_with("A  ERROR") && !lines[0].code.contains('\u{1b}'));
    assert!(lines[0].message.len() <= 2048);
    assert!(!lines[0].message.contains(['\r', '\n', '\u{202e}']));
}

#[tokio::test]
async fn without_a_logger_of_the_applications_own_nothing_is_taken() {
    let clock = typegate::testing::FrozenClock::at(0);
    let idp = IdentityProvider::new(&clock);
    let auth = site!(clock).provider(idp.oidc()).http_client(client_of(&[&idp])).build().unwrap();
    let mut browser = Browser::new(&auth, &clock);
    let fields = [("level", "error"), ("code", "X")];
    assert_eq!(browser.submit("/api/auth/_log", &fields).await.outline(), ["200 "]);
    let answer = browser.request(Method::GET, "/api/auth/_log", None, "").await;
    assert_eq!(answer.status(), 400);
}
