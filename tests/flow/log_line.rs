//! Log lines of clients: `POST _log`.

use http::Method;
use serde_json::json;
use typegate::Diagnostics;
use typegate::error::Level;

use super::support::{Browser, IdentityProvider, World, client_of, site, world};

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

#[tokio::test]
async fn r161_a_flood_reaches_nobody_and_the_next_minute_is_new() {
    let fields = [("level", "error"), ("code", "CLIENT_FETCH_ERROR")];
    for (limit, lines, calls) in [(None, 101, 5_000), (Some(7), 8, 50), (Some(0), 0, 50)] {
        let mut diagnostics = Diagnostics::new();
        if let Some(limit) = limit {
            diagnostics = diagnostics.client_lines_per_minute(limit);
        }
        let mut world = world!(site => site.diagnostics(diagnostics).build().unwrap());
        // A flood from everywhere.
        world.browser.peer = None;
        for minute in 0..2 {
            for _ in 0..calls {
                let answer = world.browser.submit("/api/auth/_log", &fields).await;
                assert_eq!(answer.status(), 200);
            }
            let codes = world.lines.codes();
            assert_eq!(codes.len(), lines, "{limit:?}, minute {minute}");
            // One line says that there are too many, and no more do.
            let warnings = codes.iter().filter(|code| *code == "LOGGER_ERROR").count();
            assert_eq!(warnings, usize::from(lines > 0));
            assert!(codes.last().is_none_or(|code| code == "LOGGER_ERROR"));
            world.clock.advance(60);
        }
    }
}

#[tokio::test]
async fn a_known_code_of_a_client_has_the_address_of_its_section() {
    let mut world = World::new();
    for (code, help) in [("CLIENT_FETCH_ERROR", Some("#client_fetch_error")), ("X", None)] {
        world.browser.submit("/api/auth/_log", &[("level", "error"), ("code", code)]).await;
        let lines = world.lines.take();
        let ends = lines[0].help.as_deref().map(|url| url.split_at(url.find('#').unwrap()).1);
        assert_eq!(ends, help);
    }
}
