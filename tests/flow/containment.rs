//! Application code that panics or never answers: the request is answered all the same.

use std::future::pending;

use http::StatusCode;
use serde_json::json;
use typegate::hooks::{Callbacks, Events, RedirectRequest, SessionRequest, TokenRequest};
use typegate::provider::Credentials;
use typegate::{
    AuthorizeError, CallbackError, Claims, DefaultSession, JsonObject, LogEntry, Logger, User,
};

use super::support::{BASE, ORIGIN, World, credentials, error, world};

const CALLBACK: &str = "/api/auth/callback/credentials";
const ADA: [(&str, &str); 3] =
    [("username", "ada"), ("password", "1815"), ("callbackUrl", "/next")];

/// How a function of the application's misbehaves.
#[derive(Clone, Copy, Debug)]
enum Manner {
    Panics,
    PanicsLater,
    Hangs,
}

const MANNERS: [Manner; 3] = [Manner::Panics, Manner::PanicsLater, Manner::Hangs];

impl Manner {
    fn reason(self) -> &'static str {
        match self {
            Self::Panics | Self::PanicsLater => "it panicked",
            Self::Hangs => "it did not answer within 30 s",
        }
    }

    fn misbehave<T: Send + 'static>(self) -> impl Future<Output = T> + Send {
        if matches!(self, Self::Panics) {
            panic!("s3cr3t: for the test");
        }
        async move {
            if matches!(self, Self::Hangs) {
                pending::<()>().await;
            }
            tokio::task::yield_now().await;
            panic!("s3cr3t: for the test")
        }
    }
}

/// Lines with that code and the reason, and nothing of the panic's own words.
fn logged(world: &World, code: &str, manner: Manner) {
    let lines = world.lines.take();
    let line = lines.iter().find(|line| line.code == code);
    let line = line.unwrap_or_else(|| panic!("{code}: {lines:?}"));
    assert!(line.message.contains(manner.reason()), "{line:?}");
    assert!(!format!("{lines:?}").contains("s3cr3t"), "{lines:?}");
}

#[tokio::test(start_paused = true)]
async fn r164_sign_in_callback() {
    for manner in MANNERS {
        let callbacks =
            Callbacks::new().sign_in(move |_| manner.misbehave::<Result<bool, CallbackError>>());
        let mut world =
            world!(site => site.provider(credentials()).callbacks(callbacks).build().unwrap());
        let answer = world.browser.post(CALLBACK, &ADA).await;
        assert_eq!(answer.outline()[0], error("Callback"), "{manner:?}");
        logged(&world, "ACCESS_DENIED", manner);
        assert_eq!(world.sign_in("idp").await.outline()[0], error("Callback"), "{manner:?}");
        assert_eq!(world.browser.session().await, json!({}));
    }
}

#[tokio::test(start_paused = true)]
async fn r164_jwt_and_session_callbacks_show_nobody() {
    for manner in MANNERS {
        let callbacks = Callbacks::new()
            .jwt(move |_: TokenRequest| manner.misbehave::<Result<Claims, CallbackError>>());
        let mut world =
            world!(site => site.provider(credentials()).callbacks(callbacks).build().unwrap());
        let answer = world.browser.post(CALLBACK, &ADA).await;
        assert_eq!(answer.outline()[0], error("Callback"), "{manner:?}");
        logged(&world, "JWT_SESSION_ERROR", manner);

        let callbacks = Callbacks::new().session(move |_: SessionRequest| {
            manner.misbehave::<Result<DefaultSession, CallbackError>>()
        });
        let mut world =
            world!(site => site.provider(credentials()).callbacks(callbacks).build().unwrap());
        world.browser.post(CALLBACK, &ADA).await;
        assert_eq!(world.browser.session().await, json!({}), "{manner:?}");
        logged(&world, "JWT_SESSION_ERROR", manner);
    }
}

#[tokio::test(start_paused = true)]
async fn r164_redirect_callback_leaves_the_default() {
    for manner in MANNERS {
        let callbacks = Callbacks::new().redirect(move |_: RedirectRequest| {
            manner.misbehave::<Result<String, CallbackError>>()
        });
        let mut world =
            world!(site => site.provider(credentials()).callbacks(callbacks).build().unwrap());
        let answer = world.browser.post(CALLBACK, &ADA).await;
        assert_eq!(answer.location(), format!("{ORIGIN}/next"), "{manner:?}");
        logged(&world, "CALLBACK_REDIRECT_ERROR", manner);
    }
}

#[tokio::test(start_paused = true)]
async fn r164_events_change_nothing() {
    for manner in MANNERS {
        let events = Events::new()
            .sign_in(move |_| manner.misbehave::<Result<(), CallbackError>>())
            .session(move |_| manner.misbehave::<Result<(), CallbackError>>())
            .sign_out(move |_| manner.misbehave::<Result<(), CallbackError>>());
        let mut world =
            world!(site => site.provider(credentials()).events(events).build().unwrap());
        let answer = world.browser.post(CALLBACK, &ADA).await;
        assert_eq!(answer.location(), format!("{ORIGIN}/next"), "{manner:?}");
        logged(&world, "SIGN_IN_EVENT_ERROR", manner);
        assert_eq!(world.browser.session().await["user"]["name"], "Ada Lovelace");
        logged(&world, "SESSION_EVENT_ERROR", manner);
        world.browser.post("/api/auth/signout", &[]).await;
        logged(&world, "SIGN_OUT_EVENT_ERROR", manner);
        assert_eq!(world.browser.session().await, json!({}));
    }
}

#[tokio::test(start_paused = true)]
async fn r164_authorize_is_a_refusal() {
    for manner in MANNERS {
        let authorize =
            move |_: JsonObject| manner.misbehave::<Result<Option<User>, AuthorizeError>>();
        let mut world = world!(site => site.provider(Credentials::new(authorize)).build().unwrap());
        let answer = world.browser.post(CALLBACK, &ADA).await;
        let refused = format!("{BASE}/error?error=CredentialsSignin&provider=credentials");
        assert_eq!(answer.location(), refused, "{manner:?}");
        logged(&world, "CREDENTIALS_AUTHORIZE_ERROR", manner);
    }
}

/// Panics at every line but those of browser clients.
struct Clumsy;

impl Logger for Clumsy {
    fn log(&self, _: &LogEntry<'_>) {
        panic!("for the test");
    }
}

#[tokio::test]
async fn r164_a_logger_that_panics_loses_its_line_only() {
    let clock = typegate::testing::FrozenClock::at(0);
    let auth = super::support::site!(clock).provider(credentials()).logger(Clumsy).build().unwrap();
    let mut browser = super::support::Browser::new(&auth, &clock);
    let wrong = [("username", "ada"), ("password", "wrong")];
    let answer = browser.post(CALLBACK, &wrong).await;
    assert!(answer.location().ends_with("error=CredentialsSignin&provider=credentials"));
    let fields = [("level", "error"), ("code", "X")];
    assert_eq!(browser.submit("/api/auth/_log", &fields).await.outline(), ["200 "]);
}

/// A mapping, and an adapter, that panic in the middle of a callback.
#[tokio::test]
async fn r200_a_panic_in_a_callback_spends_the_attempt() {
    let mapper = typegate::provider::ProfileMapper::new(
        |_: serde_json::Value,
         _: &typegate::TokenSet|
         -> Result<typegate::Profile, CallbackError> { panic!("s3cr3t: for the test") },
    );
    let provider = typegate::provider::OAuthDefinition::builder()
        .id("idp")
        .name("IdP")
        .client(typegate::provider::OAuthClient::new(
            typegate::testing::IdentityProvider::CLIENT_ID,
            typegate::testing::IdentityProvider::CLIENT_SECRET.into(),
        ))
        .endpoints(typegate::provider::Endpoints::discovered("https://id.example"))
        .profile(mapper)
        .build();
    let mut world = world!(|_| provider, site => site.build().unwrap());
    let answer = world.sign_in("idp").await;
    assert_eq!(
        answer.outline(),
        [&format!("302 {BASE}/signin"), "-state", "-pkce.code_verifier", "-nonce"]
    );
    logged(&world, "OAUTH_PARSE_PROFILE_ERROR", Manner::Panics);
    assert_eq!(world.browser.session().await, json!({}));

    // What stands behind no wall of its own.
    let database = super::support::Database::default();
    let mut world = world!(site => site.adapter(database.clone()).build().unwrap());
    database.panic_at(super::support::Operation::UserByAccount);
    let answer = world.sign_in("idp").await;
    assert_eq!(answer.outline(), super::support::refused("Callback"));
    logged(&world, "PANIC_ERROR", Manner::Panics);
    assert_eq!(world.browser.session().await, json!({}));
}

/// A clock that has stopped for good.
struct BrokenClock;

impl typegate::clock::Clock for BrokenClock {
    fn now(&self) -> jiff::Timestamp {
        panic!("s3cr3t: for the test")
    }
}

#[tokio::test]
async fn r163_r164_any_other_panic_is_a_500_and_nobodys_session() {
    let lines = super::support::Lines::default();
    let auth = typegate::Auth::builder()
        .secret(typegate::Secret::new(super::support::SECRET).unwrap())
        .url(ORIGIN.parse().unwrap())
        .clock(BrokenClock)
        .provider(credentials())
        .logger(lines.clone())
        .build()
        .unwrap();
    let request = http::Request::get("/api/auth/csrf").body(bytes::Bytes::new()).unwrap();
    let answer = super::support::Answer::new(auth.handle(request).await);
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer.outline(), ["500 Internal Server Error"]);
    assert_eq!(lines.codes(), ["PANIC_ERROR"]);
}
