//! What must not be said: in logs, in answers, in cookies.

use std::cell::RefCell;
use std::io::Write;
use std::sync::Once;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use typegate::Auth;
use typegate::provider::Credentials;
use typegate::{AuthorizeError, User};
use url::Url;

use super::support::{SECRET, World, credentials, open, world};

thread_local! {
    static WRITTEN: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Keeps what `tracing` writes in this thread.
struct Tap;

impl Write for Tap {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        WRITTEN.with_borrow_mut(|written| written.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A subscriber of one thread alone would miss lines: whether a line is wanted is remembered for
/// all threads.
fn listen() {
    static GLOBAL: Once = Once::new();
    GLOBAL.call_once(|| {
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(|| Tap);
        subscriber.init();
    });
    WRITTEN.with_borrow_mut(Vec::clear);
}

#[tokio::test]
async fn r007_r023_r110_r158_no_secret_is_logged_at_any_level() {
    listen();
    let mut world = world!(site => site.provider(credentials()).build().unwrap());
    let mut secrets: Vec<String> = vec![
        SECRET.into(),
        "s:e%c+r é/t".into(),
        "s%3Ae%25c%2Br".into(),
        STANDARD.encode("client+id:s%3Ae%25c%2Br+%C3%A9%2Ft"),
        "at-secret".into(),
        "rt-secret".into(),
        "hunter2".into(),
    ];
    for (round, spoil) in [None, Some("/token"), Some("/keys"), None].into_iter().enumerate() {
        if round == 1 {
            world.clock.advance(3601);
        }
        let started = world.browser.post("/api/auth/signin/idp", &[]).await;
        for name in ["state", "nonce"] {
            let url = Url::parse(started.location()).unwrap();
            secrets.extend(url.query_pairs().filter(|(n, _)| n == name).map(|(_, v)| v.into()));
        }
        let pkce = "next-auth.pkce.code_verifier";
        let verifier = open(world.browser.jar.value(pkce).unwrap(), SECRET, pkce);
        secrets.push(verifier["value"].as_str().unwrap().into());
        secrets.extend(started.cookies.iter().map(|cookie| cookie.value.clone()));
        let back = world.idp.authorize(started.location());
        let code = Url::parse(&back).unwrap();
        secrets.push(code.query_pairs().find(|(name, _)| name == "code").unwrap().1.into());
        if let Some(path) = spoil {
            world.idp.break_endpoint(path, 400, r#"{"error":"x","access_token":"at-secret"}"#);
        }
        let address = if round == 3 { back.replace("state=", "state=x") } else { back };
        let answer = world.browser.get(&address).await;
        secrets.extend(answer.cookies.iter().map(|cookie| cookie.value.clone()));
        world.idp.change(|idp| idp.broken.clear());
    }
    for password in ["1815", "hunter2"] {
        let fields = [("username", "ada"), ("password", password)];
        world.browser.post("/api/auth/callback/credentials", &fields).await;
    }
    let fields = [("username", "broken"), ("password", "hunter2")];
    world.browser.post("/api/auth/callback/credentials", &fields).await;
    secrets.push(world.browser.csrf_token().await);
    world.browser.post("/api/auth/signout", &[]).await;

    let written = String::from_utf8(WRITTEN.take()).unwrap();
    for code in ["OAUTH_CALLBACK_ERROR", "CREDENTIALS_AUTHORIZE_ERROR", "signed in", "signed out"] {
        assert!(written.contains(code), "{code} is not in the log:\n{written}");
    }
    secrets.retain(|secret| secret.len() > 5 && !secret.starts_with("http"));
    assert!(secrets.len() > 20);
    let lines = world.lines.take();
    for secret in secrets {
        assert!(!written.contains(&secret), "{secret} is in the log");
        assert!(!lines.iter().any(|line| line.message.contains(&secret)), "{secret}");
    }
}

#[tokio::test]
async fn r174_provider_tokens_stay_on_the_server() {
    for id in ["idp", "github"] {
        let mut world = World::new();
        let answer = world.sign_in(id).await;
        let token = &answer.cookie("next-auth.session-token").unwrap().value;
        let mut seen = vec![open(token, SECRET, "").to_string()];
        for path in ["session", "csrf", "providers", "signin", "signout", "error"] {
            let answer = world.browser.get(&format!("/api/auth/{path}")).await;
            seen.push(answer.text().to_owned());
            seen.extend(answer.cookies.iter().map(|cookie| cookie.value.clone()));
        }
        for text in seen {
            for secret in ["at-secret", "rt-secret", "eyJhbGciOiJSUzI1NiIs", "s:e%c+r"] {
                assert!(!text.contains(secret), "{secret} in {text}");
            }
        }
    }
}

#[tokio::test]
async fn r162_causes_are_logged_and_not_shown() {
    let mut world = world!(site => site.provider(credentials()).build().unwrap());
    let fields = [("username", "broken"), ("password", "x"), ("json", "true")];
    let answer = world.browser.post("/api/auth/callback/credentials", &fields).await;
    assert!(!answer.text().contains("10.0.0.7"));
    let lines = world.lines.take();
    assert!(lines.iter().any(
        |line| line.code == "CREDENTIALS_AUTHORIZE_ERROR" && line.message.contains("10.0.0.7")
    ));
}

#[test]
fn r110_debug_output_shows_no_secret() {
    let clock = typegate::testing::FrozenClock::at(0);
    let provider = Credentials::new(|_: ()| async { Ok::<_, AuthorizeError>(None::<User>) });
    let auth: Auth = super::support::site!(clock).provider(provider).build().unwrap();
    let idp = super::support::IdentityProvider::new(&clock);
    for text in [format!("{auth:?}"), format!("{:?}", idp.oidc())] {
        assert!(!text.contains(SECRET) && !text.contains("s:e%c"), "{text}");
    }
}
