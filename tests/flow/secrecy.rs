//! Secrecy: what must appear in no log, answer or cookie.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use typegate::provider::Credentials;
use typegate::testing::LoggedErrors;
use typegate::{Auth, AuthorizeError, Jwt, Secret, User};
use url::Url;

use super::support::{
    Answer, Database, Mailbox, Operation, SECRET, World, canary, credentials, open, parameter, tap,
    with_parameter, world,
};

#[tokio::test]
async fn r007_r023_r110_r158_no_secret_is_logged_at_any_level() {
    tap::listen();
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

    let written = tap::written();
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

/// Everything that was said while a journey went on.
struct Overheard {
    errors: LoggedErrors,
    answers: Vec<String>,
    secrets: Vec<String>,
}

impl Overheard {
    fn listen() -> Self {
        tap::listen();
        Self {
            errors: LoggedErrors::record(),
            answers: Vec::new(),
            secrets: canary::of_the_server(),
        }
    }

    fn add(&mut self, world: &World, answer: &Answer) {
        self.answers.push(canary::whole(answer));
        self.secrets.extend(canary::of_the_browser(world));
        let link = answer.header("location").and_then(|address| Url::parse(address).ok());
        let pairs = link.iter().flat_map(|link| link.query_pairs().into_owned());
        let named = ["code", "state", "nonce", "code_challenge", "token"];
        self.secrets.extend(pairs.filter(|(name, _)| named.contains(&&**name)).map(|(_, v)| v));
    }

    /// No secret is in the log or in an error, and none of the server's is in an answer.
    fn check(self, world: &World, at_least: usize) {
        let Self { errors, answers, mut secrets } = self;
        for answer in answers {
            canary::assert_absent(&canary::of_the_server(), &answer, "an answer");
        }
        secrets.sort_unstable();
        secrets.dedup();
        assert!(secrets.len() >= at_least, "only {} secrets", secrets.len());
        let written = tap::written();
        assert!(written.lines().count() > 1, "nothing was written");
        canary::assert_absent(&secrets, &written, "what tracing writes");
        canary::assert_absent(&secrets, &format!("{:?}", world.lines.take()), "a line");
        for text in errors.texts() {
            canary::assert_absent(&secrets, &text, "an error");
        }
    }
}

#[tokio::test]
async fn r158_a_sign_in_by_a_link_tells_no_secret_however_it_ends() {
    let database = Database::default();
    let mailbox = Mailbox::default();
    let email = mailbox.provider();
    let mut world = world!(site => site.adapter(database.clone()).provider(email).build().unwrap());
    let mut overheard = Overheard::listen();
    let operations = [
        Operation::UserByEmail,
        Operation::CreateUser,
        Operation::CreateVerificationToken,
        Operation::UseVerificationToken,
        Operation::SessionAndUser,
        Operation::CreateSession,
        Operation::UpdateUser,
        Operation::DeleteSession,
    ];
    let orders = std::iter::once(None).chain(operations.map(Some)).chain([None]);
    for broken in orders {
        let fields = [("email", "ada@example.com")];
        let answer = world.browser.post("/api/auth/signin/email", &fields).await;
        overheard.add(&world, &answer);
        let link = mailbox.link();
        let token = parameter(&link, "token");
        overheard.secrets.push(stored_form(&token));
        overheard.secrets.push(token);
        database.fail_at(broken.as_slice());
        let fields = [("email", "grace@example.com")];
        let answer = world.browser.post("/api/auth/signin/email", &fields).await;
        overheard.add(&world, &answer);
        let elsewhere = with_parameter(&link, "email", &["eve@example.com"]);
        for address in [&*elsewhere, &*link, &*link, "/api/auth/session"] {
            let answer = world.browser.get(address).await;
            overheard.add(&world, &answer);
        }
        let answer = world.browser.post("/api/auth/signout", &[]).await;
        overheard.add(&world, &answer);
        database.fail_at(&[]);
    }
    mailbox.refuse();
    let fields = [("email", "ada@example.com")];
    let answer = world.browser.post("/api/auth/signin/email", &fields).await;
    overheard.add(&world, &answer);
    overheard.check(&world, 30);
}

/// What the database keeps of a link's token.
fn stored_form(token: &str) -> String {
    let text = format!("{token}canary-of-an-email-secret, long enough");
    let hash = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn r158_sessions_in_rows_and_tokens_tell_no_secret() {
    for in_rows in [true, false] {
        let mut world = world!(site => {
            let site = site.adapter(Database::default());
            if in_rows { site.build().unwrap() } else { site.session(Jwt::default()).build().unwrap() }
        });
        let mut overheard = Overheard::listen();
        for id in ["idp", "github", "idp"] {
            let address = format!("/api/auth/signin/{id}");
            let started = world.browser.post(&address, &[]).await;
            overheard.add(&world, &started);
            let idp = if id == "github" { &world.github } else { &world.idp };
            let back = idp.authorize(started.location());
            overheard.secrets.push(parameter(&back, "code"));
            let answer = world.browser.get(&back).await;
            overheard.add(&world, &answer);
            for path in ["session", "csrf", "providers", "signin", "signout", "error"] {
                let answer = world.browser.get(&format!("/api/auth/{path}")).await;
                overheard.add(&world, &answer);
            }
            let answer = world.browser.post("/api/auth/session", &[("data", "x")]).await;
            overheard.add(&world, &answer);
        }
        let answer = world.browser.post("/api/auth/signout", &[]).await;
        overheard.add(&world, &answer);
        overheard.check(&world, 20);
    }
}

#[test]
fn r158_errors_of_the_configuration_quote_no_secret() {
    let short = Secret::new("hunter2").unwrap_err();
    for text in [format!("{short}"), format!("{short:?}"), format!("{:?}", Secret::new(SECRET))] {
        assert!(!text.contains("hunter2") && !text.contains(SECRET), "{text}");
    }
}
