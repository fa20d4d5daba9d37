//! Log flooding: what a stranger can write into the log, and how much of it.

use std::collections::BTreeMap;

use http::Method;
use http::header::COOKIE;
use typegate::error::Level;

use super::support::{Browser, Database, Mailbox, World, credentials, tap, world};

/// Requests that anybody can send, without a cookie of the site's or with one that is junk.
const REQUESTS: [(&str, &str, &str); 26] = [
    ("GET", "/api/auth", ""),
    ("GET", "/api/auth?a=b", ""),
    ("GET", "/api/auth/unknown", ""),
    ("GET", "/api/auth/signin?callbackUrl=x&callbackUrl=y", ""),
    ("GET", "/api/auth/signin?callbackUrl=javascript:x", ""),
    ("GET", "/api/auth/session", "next-auth.session-token=junk"),
    ("GET", "/api/auth/session", "next-auth.session-token=a.b.c.d.e"),
    ("POST", "/api/auth/session", "next-auth.session-token=junk"),
    ("POST", "/api/auth/signout", "next-auth.session-token=junk"),
    ("GET", "/api/auth/callback/idp?code=x&state=y", ""),
    ("GET", "/api/auth/callback/idp?code=x&state=y", "next-auth.state=junk"),
    ("GET", "/api/auth/callback/idp?code=x&code=y", ""),
    ("GET", "/api/auth/callback/idp?error=access_denied", ""),
    ("POST", "/api/auth/callback/idp?error=access_denied", ""),
    ("GET", "/api/auth/callback/idp", ""),
    ("GET", "/api/auth/callback/github?code=x", "next-auth.pkce.code_verifier=junk"),
    ("GET", "/api/auth/callback/email?token=x&email=a@b.example", ""),
    ("GET", "/api/auth/callback/email?email=a", ""),
    ("POST", "/api/auth/callback/credentials", ""),
    ("GET", "/api/auth/callback/credentials", ""),
    ("POST", "/api/auth/signin/email", ""),
    ("POST", "/api/auth/signin/idp", ""),
    ("POST", "/api/auth/_log", ""),
    ("DELETE", "/api/auth/session", ""),
    ("GET", "/api/auth/error?error=%E2%80%A8x", ""),
    ("GET", "/api/auth/callback/nobody", ""),
];

fn flooded() -> World {
    world!(site => {
        site.adapter(Database::default())
            .session(typegate::Jwt::default())
            .provider(credentials())
            .provider(Mailbox::default().provider())
            .build()
            .unwrap()
    })
}

async fn send(browser: &mut Browser, (method, address, cookie): (&str, &str, &str)) {
    browser.headers.clear();
    if !cookie.is_empty() {
        browser.headers.push((COOKIE, cookie.parse().unwrap()));
    }
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    browser.request(method, address, None, "").await;
}

#[tokio::test]
async fn r198_what_a_stranger_causes_is_no_error_and_not_without_end() {
    for request in REQUESTS {
        let world = flooded();
        tap::listen();
        for _ in 0..1000 {
            send(&mut world.another_browser(), request).await;
        }
        let lines = world.lines.take();
        let mut counts = BTreeMap::new();
        for line in &lines {
            assert_ne!(line.level, Level::Error, "{request:?}: {line:?}");
            *counts.entry(line.code.clone()).or_insert(0) += 1;
        }
        for (code, count) in counts {
            assert!(count <= 101, "{request:?}: {count} lines of {code}");
        }
        let written = tap::written();
        let loud = written.lines().filter(|line| line.contains("WARN typegate")).count();
        assert!(loud <= 500 && !written.contains("ERROR typegate"), "{request:?}: {loud}");

        // How much was left out is said when the minute is over.
        world.clock.advance(60);
        send(&mut world.another_browser(), request).await;
        let later = world.lines.take();
        for code in lines.iter().map(|line| &line.code) {
            let count = lines.iter().filter(|line| line.code == *code).count();
            let more = later.iter().find(|line| line.message.starts_with("… and "));
            assert!(count < 101 || more.is_some(), "{request:?}: {later:?}");
        }
    }
}

#[tokio::test]
async fn r198_a_flood_hides_no_failure_of_ours() {
    let database = Database::default();
    let adapter = database.clone();
    let mut world: World = world!(site => site.adapter(adapter).build().unwrap());
    world.sign_in("idp").await;
    world.lines.take();
    for _ in 0..1000 {
        send(&mut world.another_browser(), ("GET", "/api/auth/callback/idp?code=x", "")).await;
    }
    world.lines.take();
    world.idp.break_endpoint("/token", 503, "");
    world.sign_in("idp").await;
    let line = world.lines.take().pop().unwrap();
    assert_eq!((line.level, &*line.code), (Level::Error, "OAUTH_CALLBACK_ERROR"));
}

#[tokio::test]
async fn r198_no_text_from_outside_ends_a_line_or_turns_it_round() {
    const BAD: [char; 12] = [
        '\n',
        '\r',
        '\u{85}',
        '\u{9b}',
        '\u{1b}',
        '\u{2028}',
        '\u{2029}',
        '\u{200f}',
        '\u{61c}',
        '\u{202e}',
        '\u{2067}',
        '\u{e0041}',
    ];
    let mut world = flooded();
    tap::listen();
    let attack: String = BAD.iter().flat_map(|bad| ['a', *bad, 'b']).collect();
    let encoded: String = form_urlencoded::byte_serialize(attack.as_bytes()).collect();
    for address in [
        format!("/api/auth/callback/idp?error={encoded}&error_description={encoded}"),
        format!("/api/auth/callback/idp?error=x&error_description={encoded}"),
        format!("/api/auth/callback/idp?code={encoded}&state={encoded}&iss={encoded}"),
        format!("/api/auth/callback/{encoded}"),
        format!("/api/auth/signin?callbackUrl={encoded}"),
    ] {
        world.browser.get(&address).await;
    }
    let fields = [("level", "error"), ("code", &*attack), ("message", &attack), (&attack, "x")];
    world.browser.submit("/api/auth/_log", &fields).await;
    let mut lines = world.lines.take();
    for body in [
        serde_json::json!({ "error": attack, "error_description": attack }).to_string(),
        attack.clone(),
    ] {
        for endpoint in ["/token", "/userinfo"] {
            world.idp.break_endpoint(endpoint, 400, &body);
            world.sign_in("idp").await;
            lines.extend(world.lines.take());
        }
    }
    assert!(lines.len() > 5);
    for line in lines {
        let whole =
            format!("{}{}{}{:?}", line.code, line.message, line.causes.concat(), line.provider);
        assert!(!whole.contains(BAD), "{line:?}");
    }
    for line in tap::written().split('\n') {
        assert!(!line.contains(BAD), "{line:?}");
    }
}
