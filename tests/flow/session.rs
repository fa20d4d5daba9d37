//! The session actions where sessions are tokens in cookies.

use http::Method;
use serde_json::{Value, json};
use typegate::Jwt;
use typegate::clock::Clock as _;
use typegate::hooks::{Callbacks, SessionRequest, Trigger};

use super::support::{NOW, SECRET, World, credentials, open, seal, world};

const NAME: &str = "next-auth.session-token";
const MONTH: i64 = 30 * 86400;

fn start() -> World {
    world!(site => site.provider(credentials()).build().unwrap())
}

/// Claims of a good session, with other members.
fn claims(changes: impl Into<Value>) -> Value {
    let mut claims = json!({ "name": "Ada", "sub": "1", "iat": NOW, "exp": NOW + MONTH });
    for (name, value) in changes.into().as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

/// What a browser with that session cookie sees.
async fn shown(token: &str) -> Value {
    let mut world = start();
    world.browser.jar.plant(NAME, token);
    world.browser.session().await
}

#[tokio::test]
async fn nobody_is_an_empty_object() {
    let mut world = start();
    let answer = world.browser.get("/api/auth/session").await;
    assert_eq!(answer.outline(), ["200 {}", "csrf-token", "callback-url"]);
    let answer = world.browser.get("/api/auth/session").await;
    assert_eq!(answer.outline(), ["200 {}"]);
    let answer = world.browser.post_json("/api/auth/session", &json!({})).await;
    assert_eq!(answer.outline(), ["400 {}"]);
    let token = world.browser.csrf_token().await;
    let body = json!({ "csrfToken": token, "data": { "name": "Eve" } });
    let answer = world.browser.post_json("/api/auth/session", &body).await;
    assert_eq!(answer.outline(), ["200 {}"]);
}

#[tokio::test]
async fn r173_a_session_shows_three_members_and_its_end() {
    let mut world = start();
    let all = json!({
        "name": "Ada", "email": "a@b.co", "picture": "https://x.example/p", "sub": "1",
        "role": "admin", "accessToken": "secret", "iat": NOW, "exp": NOW + 60,
    });
    world.browser.jar.plant(NAME, &seal(&all, SECRET, ""));
    let answer = world.browser.get("/api/auth/session").await;
    assert_eq!(
        answer.text(),
        r#"{"user":{"name":"Ada","email":"a@b.co","image":"https://x.example/p"},"expires":"2023-12-14T22:13:20.000Z"}"#
    );
    assert_eq!(answer.header("content-type"), Some("application/json; charset=utf-8"));
}

#[tokio::test]
async fn members_that_are_absent_or_null_stay_so() {
    let sub_only = json!({ "sub": "1", "exp": NOW + 60 });
    assert_eq!(shown(&seal(&sub_only, SECRET, "")).await["user"], json!({}));
    let nulls = claims(json!({ "name": null, "email": null }));
    let user = json!({ "name": null, "email": null });
    assert_eq!(shown(&seal(&nulls, SECRET, "")).await["user"], user);
}

#[tokio::test]
async fn members_that_are_absent_or_null_stay_so_in_a_session_callback() {
    let callbacks = Callbacks::new().session(|request| async move {
        assert_eq!(request.trigger, Trigger::Read);
        let SessionRequest { session, .. } = request;
        Ok(json!({ "user": session.user, "id": 1 }))
    });
    let mut world = world!(site => {
        site.provider(credentials()).callbacks(callbacks).build().unwrap()
    });
    let token = seal(&json!({ "sub": "1", "exp": NOW + 60, "name": null }), SECRET, "");
    world.browser.jar.plant("next-auth.session-token", &token);
    let session = world.browser.session().await;
    assert_eq!(session, json!({ "user": { "name": null }, "id": 1 }));
}

#[tokio::test]
async fn every_read_issues_the_token_again() {
    let mut world = world!(site => {
        let strategy = Jwt::default().max_age(3600);
        site.provider(credentials()).session(strategy).build().unwrap()
    });
    let answer = world.browser.sign_in_with_credentials().await;
    let first = answer.cookie(NAME).unwrap().clone();
    assert_eq!(first.expires, Some(NOW + 3600));
    assert_eq!(open(&first.value, SECRET, "")["exp"], NOW + 3600);
    for _ in 0..5 {
        world.clock.advance(3000);
        let now = world.clock.now().as_second();
        let answer = world.browser.get("/api/auth/session").await;
        assert_eq!(answer.json()["user"]["name"], "Ada Lovelace");
        let cookie = answer.cookie(NAME).unwrap();
        assert_eq!((cookie.expires, cookie.max_age), (Some(now + 3600), None));
        let claims = open(&cookie.value, SECRET, "");
        assert_eq!((&claims["iat"], &claims["exp"]), (&json!(now), &json!(now + 3600)));
        assert_ne!(claims["jti"], open(&first.value, SECRET, "")["jti"]);
    }
    world.clock.advance(3600);
    assert_eq!(world.browser.session().await, json!({}));
}

#[tokio::test]
async fn a_token_is_good_for_15_seconds_less_one_past_its_end() {
    for (past, good) in [(0, true), (14, true), (15, false)] {
        let token = seal(&claims(json!({ "exp": NOW - past })), SECRET, "");
        assert_eq!(shown(&token).await != json!({}), good, "{past}");
        let token = seal(&claims(json!({ "nbf": NOW + past + 1 })), SECRET, "");
        assert_eq!(shown(&token).await != json!({}), good, "{past}");
    }
}

#[tokio::test]
async fn r093_a_token_without_a_numeric_end_is_no_session() {
    let mut without = claims(json!({}));
    without.as_object_mut().unwrap().remove("exp");
    for bad in [
        without,
        claims(json!({ "exp": (NOW + MONTH).to_string() })),
        claims(json!({ "exp": null })),
        claims(json!({ "exp": [NOW + MONTH] })),
        claims(json!({ "iat": "now" })),
        claims(json!({ "nbf": "99999999999" })),
        json!([1]),
        json!("text"),
        json!(null),
    ] {
        assert_eq!(shown(&seal(&bad, SECRET, "")).await, json!({}), "{bad}");
    }
    // A token issued in the future is v4's business only if its end has passed.
    assert_ne!(shown(&seal(&claims(json!({ "iat": NOW + 9999 })), SECRET, "")).await, json!({}));
}

#[tokio::test]
async fn r095_an_invalid_token_is_cleared_and_nothing_else_is() {
    let good = seal(&claims(json!({})), SECRET, "");
    let parts: Vec<&str> = good.split('.').collect();
    let mut cases = vec![
        "garbage".to_owned(),
        "a.b.c.d.e".to_owned(),
        format!("{good}x"),
        format!("{good}.x"),
        good.split_at(good.len() - 4).0.to_owned(),
        good.to_uppercase(),
        seal(&claims(json!({})), "another secret that is long enough too", ""),
        seal(&claims(json!({ "exp": NOW - 60 })), SECRET, ""),
        "966de657-45d0-4348-b3ab-cf00cddf400f".to_owned(),
    ];
    for index in [0, 2, 3, 4] {
        let mut changed: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
        let first = if changed[index].starts_with('A') { "B" } else { "A" };
        changed[index].replace_range(0..1, first);
        cases.push(changed.join("."));
    }
    for token in cases {
        let mut world = start();
        world.browser.csrf_token().await;
        world.browser.jar.plant(NAME, &token);
        let answer = world.browser.get("/api/auth/session").await;
        assert_eq!(answer.outline(), ["200 {}", "-session-token"], "{token}");
        assert_eq!(world.browser.jar.names().len(), 2, "{token}");
        assert_eq!(world.lines.codes(), ["JWT_SESSION_ERROR"], "{token}");
        assert_eq!(world.browser.get("/api/auth/session").await.outline(), ["200 {}"]);
    }
    let mut world = start();
    world.browser.jar.plant(NAME, "");
    let answer = world.browser.get("/api/auth/session").await;
    assert_eq!(answer.json(), json!({}));
}

#[tokio::test]
async fn r098_a_previous_secret_opens_and_seals_no_more() {
    const OLD: &str = "the secret of the year before, long enough";
    let mut world = world!(site => {
        let old = typegate::Secret::new(OLD).unwrap();
        site.provider(credentials()).previous_secret(old).build().unwrap()
    });
    world.browser.jar.plant(NAME, &seal(&claims(json!({})), OLD, ""));
    let answer = world.browser.get("/api/auth/session").await;
    assert_eq!(answer.json()["user"]["name"], "Ada");
    assert_eq!(open(&answer.cookie(NAME).unwrap().value, SECRET, "")["name"], "Ada");
}

#[tokio::test]
async fn a_session_of_5_kilobytes_travels_in_chunks() {
    let mut world = start();
    let long = claims(json!({ "name": "n".repeat(5 * 1024) }));
    let token = seal(&long, SECRET, "");
    for (index, piece) in token.as_bytes().chunks(3933).enumerate() {
        let name = format!("{NAME}.{index}");
        world.browser.jar.plant(&name, std::str::from_utf8(piece).unwrap());
    }
    let answer = world.browser.get("/api/auth/session").await;
    assert_eq!(answer.json()["user"]["name"].as_str().unwrap().len(), 5 * 1024);
    assert_eq!(answer.outline()[3..], ["session-token.0", "session-token.1"]);
    assert_eq!(answer.cookie(&format!("{NAME}.0")).unwrap().value.len(), 3933);
    let pieces: String = answer.cookies[2..].iter().map(|cookie| &*cookie.value).collect();
    assert_eq!(open(&pieces, SECRET, "")["name"], long["name"]);
    // Twice, because what was written has to be read.
    assert_eq!(world.browser.session().await["user"]["name"], long["name"]);

    // The next sign-in is short and leaves no piece behind.
    let answer = world.browser.sign_in_with_credentials().await;
    assert_eq!(answer.outline()[1..], ["-session-token.0", "-session-token.1", "session-token"]);
    assert_eq!(world.browser.session().await["user"]["name"], "Ada Lovelace");
    assert_eq!(world.browser.jar.names().len(), 3);
}

#[tokio::test]
async fn r113_look_alikes_are_not_part_of_a_session() {
    let good = seal(&claims(json!({})), SECRET, "");
    for suffix in ["X", "-foo", ".0x1", ".-1", ".", ".00", "%2e0", ".1"] {
        let mut world = start();
        world.browser.jar.plant(NAME, &good);
        world.browser.jar.plant(&format!("{NAME}{suffix}"), "evil");
        assert_eq!(world.browser.session().await["user"]["name"], "Ada", "{suffix}");
    }
}

#[tokio::test]
async fn r113_look_alikes_do_not_shadow_a_chunk() {
    let long = seal(&claims(json!({ "name": "n".repeat(5 * 1024) })), SECRET, "");
    let (first, second) = long.split_at(3933);
    for suffix in [".00", ".01", ".+0", ".0x0", ".-0", ".4294967296"] {
        let mut world = start();
        world.browser.jar.plant(&format!("{NAME}{suffix}"), "evil");
        world.browser.jar.plant(&format!("{NAME}.1"), second);
        world.browser.jar.plant(&format!("{NAME}.0"), first);
        assert!(world.browser.session().await["user"]["name"].is_string(), "{suffix}");
    }
    // A gap is the end, and half a token is none.
    for kept in [".0", ".1"] {
        let mut world = start();
        world.browser.jar.plant(&format!("{NAME}{kept}"), first);
        world.browser.jar.plant(&format!("{NAME}.2"), second);
        assert_eq!(world.browser.session().await, json!({}));
    }
}

#[tokio::test]
async fn r114_a_flood_of_chunks_is_no_session_and_no_flood_of_deletions() {
    for count in [150, 5000] {
        let mut world = start();
        let cookies: Vec<String> = (0..count).map(|index| format!("{NAME}.{index}=x")).collect();
        world.browser.headers.push((http::header::COOKIE, cookies.join("; ").parse().unwrap()));
        let answer = world.browser.get("/api/auth/session").await;
        assert_eq!(answer.json(), json!({}));
        assert!((1..=34).contains(&answer.cookies.len()), "{}", answer.cookies.len());
    }
}

#[tokio::test]
async fn r116_of_two_cookies_with_one_name_the_first_good_one_counts() {
    let good = seal(&claims(json!({})), SECRET, "");
    for (first, second) in [(&*good, "bad"), ("bad", &*good)] {
        let mut world = start();
        let cookies = format!("{NAME}={first}; {NAME}={second}");
        world.browser.headers.push((http::header::COOKIE, cookies.parse().unwrap()));
        assert_eq!(world.browser.session().await["user"]["name"], "Ada");
    }
}

#[tokio::test]
async fn r099_the_client_changes_nothing_by_itself() {
    let mut world = start();
    world.browser.sign_in_with_credentials().await;
    let before = open(world.browser.jar.value(NAME).unwrap(), SECRET, "");
    let token = world.browser.csrf_token().await;
    let body = json!({
        "csrfToken": token, "name": "Eve", "sub": "2",
        "data": { "sub": "2", "role": "admin", "exp": 9_999_999_999_u64, "name": "Eve",
            "__proto__": { "admin": true }, "user": { "name": "Eve" } },
    });
    let answer = world.browser.post_json("/api/auth/session", &body).await;
    assert_eq!(answer.json()["user"]["name"], "Ada Lovelace");
    let mut after = open(&answer.cookie(NAME).unwrap().value, SECRET, "");
    after["jti"] = before["jti"].clone();
    assert_eq!(after, before);
}

#[tokio::test]
async fn an_update_without_the_csrf_token_is_400_and_issues_nothing() {
    let mut world = start();
    world.browser.sign_in_with_credentials().await;
    let body = json!({ "data": {}, "csrfToken": "0".repeat(64), "json": "true" });
    let answer = world.browser.post_json("/api/auth/session", &body).await;
    assert_eq!(answer.outline(), ["400 {}"]);
    for method in [Method::PUT, Method::DELETE, Method::PATCH] {
        let answer = world.browser.request(method, "/api/auth/session", None, "").await;
        assert_eq!(answer.status(), 400);
    }
    assert_eq!(world.browser.session().await["user"]["name"], "Ada Lovelace");
}
