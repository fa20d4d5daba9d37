//! The log: what an operator finds there, and what nobody can put there.

use http::Method;
use typegate::error::Flow;
use typegate::hooks::Callbacks;
use typegate::{Auth, Diagnostics, Jwt, LogEntry, Logger};

use super::support::{
    Browser, Database, IdentityProvider, World, client_of, credentials, parameter, site, tap, world,
};

/// The lines about authentication that `tracing` wrote, without their times.
fn written() -> Vec<String> {
    let written = tap::written();
    let lines = written.lines().filter(|line| line.contains(" typegate: "));
    lines.map(|line| line.split_once(" typegate: ").unwrap().1.to_owned()).collect()
}

#[tokio::test]
async fn r160_what_happened_is_logged_with_provider_and_code() {
    tap::listen();
    let mut world = world!(site => site.adapter(Database::default()).build().unwrap());
    world.sign_in("idp").await;
    world.sign_in("github").await;
    world.browser.post("/api/auth/signout", &[]).await;
    let expected = [
        r#"signed in provider="idp""#,
        r#"account linked provider="github""#,
        r#"signed in provider="github""#,
        "signed out",
    ];
    let lines = written();
    let mut found = lines.iter();
    for wanted in expected {
        assert!(found.any(|line| line.contains(wanted)), "{wanted} is not in {lines:#?}");
    }

    tap::listen();
    let back = world.start("idp").await.replace("state=", "state=x");
    world.browser.get(&back).await;
    let lines = written();
    let line = lines.iter().find(|line| line.contains("code=\"OAUTH_CALLBACK_ERROR\"")).unwrap();
    for part in [r#"provider="idp""#, r#"flow="oauth""#, "state", "errors.md#oauth_callback_error"]
    {
        assert!(line.contains(part), "{part} is not in {line}");
    }
}

#[tokio::test]
async fn r209_a_failure_is_told_once_with_all_its_causes() {
    tap::listen();
    let mut world = world!(site => site.provider(credentials()).build().unwrap());
    world.idp.break_endpoint("/token", 400, r#"{"error":"invalid_client"}"#);
    world.sign_in("idp").await;
    let line = world.lines.take().pop().unwrap();
    let [cause] = &*line.causes else { panic!("{line:?}") };
    let says = "the provider answered 400 with the error `invalid_client`";
    assert!(cause.starts_with(&format!("POST https://id.example/token: {says}")), "{cause}");
    // Whoever reads the terminal has each word of it once, above the level debug.
    let lines = written();
    let lines: Vec<&String> = lines.iter().filter(|line| line.contains(says)).collect();
    let loud: Vec<_> = lines.iter().filter(|line| line.contains("OAUTH_CALLBACK_ERROR")).collect();
    assert_eq!((lines.len(), loud.len()), (3, 1), "{lines:#?}");
    assert_eq!(loud[0].matches(says).count(), 1, "{}", loud[0]);
}

#[tokio::test]
async fn r159_no_input_makes_a_second_line() {
    let diagnostics = Diagnostics::new().client_lines_per_minute(1000);
    let mut world = world!(site => {
        site.provider(credentials()).diagnostics(diagnostics).build().unwrap()
    });
    tap::listen();
    let attacks =
        ["a\r\n2026 ERROR typegate: forged", "\u{1b}[2Jx", "\u{202e}x", "\u{2066}x", "\0"];
    let mut lines = Vec::new();
    for attack in attacks {
        let encoded = form_urlencoded::byte_serialize(attack.as_bytes()).collect::<String>();
        for address in [
            format!("/api/auth/callback/idp?error={encoded}&error_description={encoded}"),
            format!("/api/auth/callback/idp?code={encoded}&state={encoded}&iss={encoded}"),
            format!("/api/auth/signin?callbackUrl={encoded}"),
            format!("/api/auth/{encoded}"),
            format!("/api/auth/callback/{encoded}"),
        ] {
            world.browser.get(&address).await;
            world.browser.request(Method::POST, &address, None, "").await;
        }
        let fields = [("username", attack), ("password", attack), ("callbackUrl", attack)];
        world.browser.post("/api/auth/callback/credentials", &fields).await;
        let fields = [("level", "error"), ("code", attack), ("message", attack)];
        world.browser.submit("/api/auth/_log", &fields).await;
        lines.extend(world.lines.take());
        // A provider that is an attacker.
        world.idp.change(|idp| idp.broken.clear());
        let body = serde_json::json!({ "error": attack, "error_description": attack });
        world.idp.break_endpoint("/token", 400, &body.to_string());
        let back = world.start("idp").await;
        assert!(!parameter(&back, "code").is_empty());
        world.browser.get(&back).await;
        lines.extend(world.lines.take());
        world.github.change(|idp| idp.user_info[attack] = attack.into());
        world.sign_in("github").await;
    }
    let is_bad = |c: char| c.is_control() || matches!(c, '\u{202e}' | '\u{2066}');
    let text = tap::written();
    assert!(text.lines().count() > 60);
    for line in text.lines() {
        assert!(!line.contains(is_bad), "{line:?}");
        assert!(!line.starts_with("2026 ERROR"), "{line}");
    }
    assert!(lines.iter().any(|line| line.flow == Flow::Client));
    for line in lines {
        let whole = format!("{}{}{}", line.code, line.message, line.causes.concat());
        assert!(!whole.contains(is_bad), "{line:?}");
    }
}

#[tokio::test]
async fn retired_codes_can_be_switched_off() {
    for (logged, codes) in [
        (
            true,
            &["OAUTH_GET_ACCESS_TOKEN_ERROR", "CALLBACK_OAUTH_ERROR", "OAUTH_CALLBACK_ERROR"][..],
        ),
        (false, &["OAUTH_CALLBACK_ERROR"]),
    ] {
        let diagnostics = Diagnostics::new().retired_codes(logged);
        let mut world: World = world!(site => site.diagnostics(diagnostics).build().unwrap());
        world.idp.break_endpoint("/token", 400, "{}");
        world.sign_in("idp").await;
        assert_eq!(world.lines.codes(), codes);
    }
}

#[tokio::test]
async fn r158_v4s_debug_codes_say_names_and_no_values() {
    let callbacks = Callbacks::new().jwt(|request: typegate::hooks::TokenRequest| async {
        let mut token = request.token;
        token.insert("long", "x".repeat(5000));
        Ok(token)
    });
    let mut world = world!(site => {
        let site = site.adapter(Database::default()).session(Jwt::default());
        site.callbacks(callbacks).build().unwrap()
    });
    tap::listen();
    world.sign_in("idp").await;
    let lines = written();
    for (code, says) in [
        ("CREATE_STATE", "is made"),
        ("CREATE_NONCE", "is made"),
        ("CREATE_PKCECODEVERIFIER", "is made"),
        ("GET_AUTHORIZATION_URL", "https://id.example/authorize code"),
        ("OAUTH_CALLBACK_RESPONSE", "access_token, token_type"),
        ("PROFILE_DATA", "iss, sub, aud"),
        ("adapter_getUserByAccount", "is called"),
        ("adapter_getUserByEmail", "is called"),
        ("adapter_createUser", "is called"),
        ("CHUNKING_SESSION_COOKIE", "bytes"),
    ] {
        let line = lines.iter().find(|line| line.contains(&format!("code=\"{code}\"")));
        let line = line.unwrap_or_else(|| panic!("{code} is not in {lines:#?}"));
        assert!(line.contains(says), "{line}");
    }
    let text = lines.join("\n");
    for secret in ["at-secret", "rt-secret", "248289761001", "Jane", "state=", "xxxxx"] {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
}

#[tokio::test]
async fn r164_a_logger_that_panics_stops_nothing() {
    struct Panicking;

    impl Logger for Panicking {
        fn log(&self, _: &LogEntry<'_>) {
            panic!("the disk is full");
        }
    }

    let clock = typegate::testing::FrozenClock::at(1_700_000_000);
    let idp = IdentityProvider::new(&clock);
    let auth: Auth = site!(clock)
        .provider(idp.oidc())
        .http_client(client_of(&[&idp]))
        .logger(Panicking)
        .build()
        .unwrap();
    let mut browser = Browser::new(&auth, &clock);
    tap::listen();
    let answer = browser.get("/api/auth/callback/idp?error=access_denied").await;
    assert!(answer.location().ends_with("error=Callback"));
    browser.submit("/api/auth/_log", &[("level", "error"), ("code", "X")]).await;
    let lines = written();
    let count = |code: &str| lines.iter().filter(|line| line.contains(code)).count();
    assert_eq!(count("code=\"LOGGER_ERROR\""), 3, "{lines:#?}");
    assert_eq!(count("code=\"OAUTH_CALLBACK_ERROR\""), 1, "tracing has what the logger lost");
}
