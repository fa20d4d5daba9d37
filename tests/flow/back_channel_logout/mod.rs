//! Back-channel logout (OpenID Connect Back-Channel Logout 1.0): whoever signs out at the identity
//! provider is signed out here.

mod strangers;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE};
use http::{Method, Request};
use serde_json::{Value, json};
use typegate::adapter::{
    AccountStore, MemoryAdapter, SessionStore, SqliteAdapter, UserSessionStore, UserStore,
    VerificationTokenStore,
};
use typegate::error::Level;
use typegate::provider::{Adjust as _, Oidc};
use typegate::testing::{IdentityProvider as Provider, LogoutFault};
use typegate::{Auth, SignatureAlgorithm};

use super::support::{
    Answer, Browser, Database, IdentityProvider, Operation, Parts, World, client_of, credentials,
    decoy_rsa_key, rsa_key, sign_with, site, world,
};

const NAME: &str = "next-auth.session-token";
const ADDRESS: &str = "/api/auth/backchannel-logout/idp";
const SUBJECT: &str = Provider::SUBJECT;
const INVALID: &str = r#"400 {"error":"invalid_request"}"#;
const FAILED: &str = r#"400 {"error":"server_error"}"#;
const UNKNOWN: &str = "400 Error: This action with HTTP POST is not supported by NextAuth.js";

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

fn application(adapter: impl Adapter) -> World {
    world!(site => site.adapter(adapter).back_channel_logout().build().unwrap())
}

/// An application at which the person of `idp` is signed in.
async fn signed_in() -> World {
    let mut world = application(MemoryAdapter::new());
    world.sign_in("idp").await;
    world
}

async fn is_signed_in(browser: &mut Browser) -> bool {
    browser.session().await != json!({})
}

/// What a request of the provider is answered: it never has to do with cookies.
async fn sent(auth: &Auth, request: Request<Bytes>) -> String {
    let answer = Answer::new(auth.handle(request).await);
    assert!(answer.cookies.is_empty());
    answer.outline().remove(0)
}

async fn sent_token(world: &World, token: &str) -> String {
    let form =
        form_urlencoded::Serializer::new(String::new()).append_pair("logout_token", token).finish();
    sent_form(world, form).await
}

async fn sent_form(world: &World, form: impl Into<Bytes>) -> String {
    let request = Request::post(ADDRESS).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    sent(&world.auth, request.body(form.into()).unwrap()).await
}

/// What only a provider can make is refused as an error, and what anybody can send as a warning.
const MEANT_FOR_US: [&str; 7] = [
    "does not say that somebody signed out",
    "has a nonce",
    "has no id",
    "has no usable subject",
    "names a session and no subject",
    "names a session that is no text",
    "names nobody",
];

/// Refuses a request that must not touch a session, and says why in one log line.
async fn refused(world: &mut World, answer: &str, why: &str) {
    assert_eq!(answer, INVALID, "{why}");
    let lines = world.lines.take();
    let [line] = &lines[..] else { panic!("{why}: {lines:?}") };
    let expected = match MEANT_FOR_US.contains(&why) {
        true => (Level::Error, "BACK_CHANNEL_LOGOUT_ERROR"),
        false => (Level::Warn, "LOGOUT_TOKEN_ERROR"),
    };
    assert_eq!((line.level, &*line.code), expected, "{why}");
    assert_eq!(line.provider.as_deref(), Some("idp"));
    assert!(line.message.contains(why), "{why}: {}", line.message);
    assert!(is_signed_in(&mut world.browser).await, "{why}");
}

async fn everybody_but_somebody_else_is_signed_out(adapter: impl Adapter) {
    let mut world = application(adapter);
    world.sign_in("idp").await;
    let second = world.another_browser();
    let mut first = std::mem::replace(&mut world.browser, second);
    world.sign_in("idp").await;
    let third = world.another_browser();
    let mut second = std::mem::replace(&mut world.browser, third);
    world.sign_in("github").await;
    assert!(is_signed_in(&mut first).await && is_signed_in(&mut second).await);
    world.idp.requests();

    let token = world.idp.logout_token(SUBJECT);
    assert_eq!(sent(&world.auth, token.request(ADDRESS).unwrap()).await, "200 ");
    assert!(world.lines.take().is_empty());
    assert!(world.idp.paths().is_empty(), "the keys are kept");
    assert!(!is_signed_in(&mut first).await && !is_signed_in(&mut second).await);
    assert!(first.jar.value(NAME).is_none(), "the cookie is kept");
    assert!(is_signed_in(&mut world.browser).await, "somebody else");

    // Whoever signs in again has a session again.
    world.browser = first;
    world.sign_in("idp").await;
    assert!(is_signed_in(&mut world.browser).await);
}

#[tokio::test]
async fn a_person_who_signs_out_at_the_provider_is_signed_out_everywhere() {
    everybody_but_somebody_else_is_signed_out(MemoryAdapter::new()).await;
    everybody_but_somebody_else_is_signed_out(sqlite().await).await;
}

async fn the_other_engine_knows(adapter: impl Adapter) {
    let mut here = application(adapter.clone());
    let mut there = application(adapter);
    here.sign_in("idp").await;
    there.browser.jar.plant(NAME, here.browser.jar.value(NAME).unwrap());
    assert!(is_signed_in(&mut there.browser).await);
    let token = here.idp.logout_token(SUBJECT);
    assert_eq!(sent(&here.auth, token.request(ADDRESS).unwrap()).await, "200 ");
    assert!(!is_signed_in(&mut there.browser).await);
}

#[tokio::test]
async fn a_session_that_a_provider_ends_is_over_at_every_engine() {
    the_other_engine_knows(MemoryAdapter::new()).await;
    the_other_engine_knows(sqlite().await).await;
}

/// All checks of section 2.6, in the words of the log.
#[tokio::test]
async fn a_logout_token_that_breaks_any_rule_ends_nothing() {
    for fault in LogoutFault::ALL {
        let why = match fault {
            LogoutFault::WrongIssuer | LogoutFault::MissingIssuer => "is of another issuer",
            LogoutFault::WrongAudience | LogoutFault::MissingAudience => "is for another audience",
            LogoutFault::Expired => "has expired",
            LogoutFault::MissingExpiry => "has no expiry",
            LogoutFault::MissingIssuedAt => "does not say when it was issued",
            LogoutFault::IssuedInTheFuture => "was issued in the future",
            LogoutFault::EmptySubject | LogoutFault::NumericSubject => "has no usable subject",
            LogoutFault::Unsigned | LogoutFault::PublicKeyAsSecret => {
                "another algorithm than RS256"
            }
            LogoutFault::KeyInTheHeader => "another algorithm than RS256",
            LogoutFault::BrokenSignature => "has a signature that does not verify",
            LogoutFault::UnknownKey => "which is not in the provider's key set",
            LogoutFault::CriticalHeader => "has a critical header parameter",
            LogoutFault::NamesNobody => "names nobody",
            LogoutFault::MissingTokenId => "has no id",
            LogoutFault::MissingEvents
            | LogoutFault::OtherEvent
            | LogoutFault::EventIsNoObject
            | LogoutFault::IsAnIdToken => "does not say that somebody signed out",
            LogoutFault::WithNonce => "has a nonce",
            LogoutFault::OtherType => "is a token of another type",
            other => panic!("{other:?} is not held against a line"),
        };
        let mut world = signed_in().await;
        let token = world.idp.logout_token(SUBJECT).fault(*fault).sign();
        let answer = sent_token(&world, &token).await;
        let said = world.lines.take();
        assert!(!format!("{said:?}").contains(&token), "the token is logged");
        // The very same without the fault is good.
        let again = sent_token(&world, &token).await;
        assert_eq!(again, answer);
        refused(&mut world, &answer, why).await;
        let good = world.idp.logout_token(SUBJECT);
        assert_eq!(sent(&world.auth, good.request(ADDRESS).unwrap()).await, "200 ", "{fault:?}");
        assert!(!is_signed_in(&mut world.browser).await);
    }
}

#[tokio::test]
async fn claims_of_the_wrong_kind_are_not_taken_for_absent() {
    let events =
        |event: Value| json!({ "http://schemas.openid.net/event/backchannel-logout": event });
    for (claim, value, why) in [
        ("jti", json!(""), "has no id"),
        ("jti", json!(1), "has no id"),
        ("nonce", Value::Null, "has a nonce"),
        ("sub", Value::Null, "has no usable subject"),
        ("sub", json!("x".repeat(256)), "has no usable subject"),
        ("sid", json!(1), "names a session that is no text"),
        ("events", json!("yes"), "does not say that somebody signed out"),
        ("events", events(json!([])), "does not say that somebody signed out"),
        ("events", events(Value::Null), "does not say that somebody signed out"),
        ("exp", json!("1700000120"), "has a claim `exp` that is no number"),
        ("azp", json!("another client"), "is for another authorized party"),
        ("aud", json!([Provider::CLIENT_ID, "another"]), "names no authorized party"),
    ] {
        let mut world = signed_in().await;
        let token = world.idp.logout_token(SUBJECT).claim(claim, value).sign();
        let answer = sent_token(&world, &token).await;
        refused(&mut world, &answer, why).await;
    }
    for (claim, value) in [("events", events(json!({ "more": 1 }))), ("aud", json!(["client id"]))]
    {
        let mut world = signed_in().await;
        let token = world.idp.logout_token(SUBJECT).claim(claim, value).sign();
        assert_eq!(sent_token(&world, &token).await, "200 ");
        assert!(!is_signed_in(&mut world.browser).await);
    }
}

/// Section 2.4 recommends a type, and older providers have none.
#[tokio::test]
async fn a_logout_token_has_its_own_type_or_none() {
    for good in ["logout+jwt", "LOGOUT+JWT", "application/logout+jwt", "JWT", "jwt"] {
        let mut world = signed_in().await;
        let token = world.idp.logout_token(SUBJECT).token_type(good).sign();
        assert_eq!(sent_token(&world, &token).await, "200 ", "{good}");
        assert!(!is_signed_in(&mut world.browser).await);
    }
    for bad in [json!("at+jwt"), json!(""), json!("logout"), json!("x/logout+jwt"), json!(1)] {
        let mut world = signed_in().await;
        let token = world.idp.logout_token(SUBJECT).token_type(bad.clone()).sign();
        let answer = sent_token(&world, &token).await;
        let why = if bad == 1 { "is not a compact JWS" } else { "is a token of another type" };
        refused(&mut world, &answer, why).await;
    }
}

/// RFC 8725 section 2.8, in both directions.
#[tokio::test]
async fn an_id_token_and_a_logout_token_are_not_taken_for_each_other() {
    let adapter = MemoryAdapter::new();
    let mut world = application(adapter.clone());
    world.sign_in("idp").await;
    let account = adapter.account("idp", SUBJECT).await.unwrap().unwrap();
    let answer = sent_token(&world, account.tokens.id_token().unwrap()).await;
    refused(&mut world, &answer, "does not say that somebody signed out").await;

    let mut world = application(adapter);
    world.idp.change(|idp| idp.header["typ"] = "logout+jwt".into());
    world.expect_refusal("a logout token in the place of an ID token").await;
}

#[tokio::test]
async fn a_token_of_another_provider_ends_nothing() {
    let mut world = signed_in().await;
    let other = IdentityProvider::at("https://other.example", &world.clock);
    // It has the same key, and knows the subject.
    let answer = sent_token(&world, &other.logout_token(SUBJECT).sign()).await;
    refused(&mut world, &answer, "is of another issuer").await;

    // At its own address it speaks of its own people.
    let parts = Parts::new();
    let other = IdentityProvider::at("https://other.example", &parts.clock);
    let auth = site!(parts.clock)
        .adapter(MemoryAdapter::new())
        .provider(parts.idp.oidc())
        .provider(other.oidc_as("other"))
        .http_client(client_of(&[&parts.idp, &other]))
        .logger(parts.lines.clone())
        .back_channel_logout()
        .build()
        .unwrap();
    let mut world = parts.into_world(auth);
    world.sign_in("idp").await;
    let address = "/api/auth/backchannel-logout/other";
    let token = other.logout_token(SUBJECT);
    assert_eq!(sent(&world.auth, token.request(address).unwrap()).await, "200 ");
    assert!(is_signed_in(&mut world.browser).await);
}

/// NextAuth's tables keep no session of the provider.
#[tokio::test]
async fn a_session_of_the_provider_alone_is_refused_and_with_its_person_all_end() {
    let mut world = signed_in().await;
    let token = world.idp.logout_token(SUBJECT).claim("sid", json!("s1"));
    let (both, session) = (token.sign(), token.claim("sub", None).sign());
    let answer = sent_token(&world, &session).await;
    refused(&mut world, &answer, "names a session and no subject").await;
    assert_eq!(sent_token(&world, &both).await, "200 ");
    assert!(!is_signed_in(&mut world.browser).await);
}

/// Section 2.7: they are signed out already.
#[tokio::test]
async fn whoever_is_not_signed_in_is_signed_out() {
    let mut world = signed_in().await;
    for subject in ["nobody", "248289761001 ", "583231"] {
        let token = world.idp.logout_token(subject);
        assert_eq!(sent(&world.auth, token.request(ADDRESS).unwrap()).await, "200 ");
    }
    assert!(is_signed_in(&mut world.browser).await);
    world.browser.post("/api/auth/signout", &[]).await;
    let token = world.idp.logout_token(SUBJECT);
    assert_eq!(sent(&world.auth, token.request(ADDRESS).unwrap()).await, "200 ");
    assert!(world.lines.take().is_empty());
}

#[tokio::test]
async fn a_logout_token_is_used_once() {
    let mut world = signed_in().await;
    let token = world.idp.logout_token(SUBJECT).sign();
    assert_eq!(sent_token(&world, &token).await, "200 ");
    world.sign_in("idp").await;
    for seconds in [0, 60, 69] {
        world.clock.advance(seconds);
        let answer = sent_token(&world, &token).await;
        refused(&mut world, &answer, "was used before").await;
    }
    world.clock.advance(1);
    let answer = sent_token(&world, &token).await;
    refused(&mut world, &answer, "has expired").await;
}

/// A provider that hears of a failure sends the token again.
#[tokio::test]
async fn r106_a_failing_database_is_told_and_the_token_stays_good() {
    let database = Database::default();
    let mut world = application(database.clone());
    world.sign_in("idp").await;
    let token = world.idp.logout_token(SUBJECT).sign();
    for (operation, codes) in [
        (Operation::UserByAccount, &["adapter_error_getUserByAccount"][..]),
        (Operation::DeleteSessionsOfUser, &[]),
    ] {
        database.fail_at(&[operation]);
        assert_eq!(sent_token(&world, &token).await, FAILED);
        assert_eq!(world.lines.codes(), [codes, &["BACK_CHANNEL_LOGOUT_ERROR"]].concat());
        database.fail_at(&[]);
        assert!(is_signed_in(&mut world.browser).await, "{operation:?}");
    }
    assert_eq!(sent_token(&world, &token).await, "200 ");
    assert!(!is_signed_in(&mut world.browser).await);
}

#[tokio::test]
async fn a_provider_that_cannot_be_asked_for_its_keys_ends_nothing() {
    let mut world = application(MemoryAdapter::new());
    world.idp.break_endpoint("/keys", 503, "{}");
    let token = world.idp.logout_token(SUBJECT).sign();
    assert_eq!(sent_token(&world, &token).await, FAILED);
    let lines = world.lines.take();
    assert!(lines[0].message.contains("the provider's keys could not be fetched"), "{lines:?}");
    world.idp.change(|idp| idp.broken.clear());
    world.sign_in("idp").await;
    assert_eq!(sent_token(&world, &token).await, "200 ");
    assert!(!is_signed_in(&mut world.browser).await);
}

#[tokio::test]
async fn r043_r034_keys_that_a_provider_renewed_are_fetched_once() {
    let mut world = signed_in().await;
    world.idp.requests();
    world.idp.change(|idp| {
        idp.keys = json!({ "keys": [decoy_rsa_key("one"), rsa_key("two")] });
        idp.header["kid"] = "two".into();
    });
    let token = world.idp.logout_token(SUBJECT).sign();
    assert_eq!(sent_token(&world, &token).await, "200 ");
    assert!(!is_signed_in(&mut world.browser).await);
    assert_eq!(world.idp.paths(), ["/keys"]);
    for _ in 0..3 {
        let token = world.idp.logout_token(SUBJECT).fault(LogoutFault::UnknownKey).sign();
        assert_eq!(sent_token(&world, &token).await, INVALID);
    }
    assert!(world.idp.paths().is_empty());
}

/// The client secret signs for whoever configured that, and for nobody else.
#[tokio::test]
async fn r041_a_token_signed_with_the_client_secret_needs_that_algorithm() {
    let change = |oidc: Oidc| oidc.id_token_algorithm(SignatureAlgorithm::Hs256);
    let mut world = world!(change, site => site
        .adapter(MemoryAdapter::new())
        .back_channel_logout()
        .build()
        .unwrap());
    let wrong = Arc::new(AtomicBool::new(false));
    let is_wrong = Arc::clone(&wrong);
    world.idp.change(|idp| {
        idp.header = json!({ "alg": "HS256" });
        idp.sign = Some(Box::new(move |header, claims| {
            let wrong = is_wrong.load(Ordering::Relaxed);
            let secret = if wrong { "another" } else { Provider::CLIENT_SECRET };
            let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
            let claims = Value::Object(claims.clone()).to_string();
            sign_with(&header.to_string(), &claims, |message| {
                ring::hmac::sign(&key, message).as_ref().to_vec()
            })
        }));
    });
    world.sign_in("idp").await;
    wrong.store(true, Ordering::Relaxed);
    let answer = sent_token(&world, &world.idp.logout_token(SUBJECT).sign()).await;
    refused(&mut world, &answer, "has a signature that does not verify").await;
    wrong.store(false, Ordering::Relaxed);
    assert_eq!(sent_token(&world, &world.idp.logout_token(SUBJECT).sign()).await, "200 ");
    assert!(!is_signed_in(&mut world.browser).await);
}

#[tokio::test]
async fn only_a_form_with_one_token_is_read() {
    let mut world = signed_in().await;
    let token = world.idp.logout_token(SUBJECT).sign();
    let why = "the request is no form with one `logout_token`";
    for form in ["", "logout_token=", "token=a", "logout_token=a&logout_token=b"] {
        let expected = if form == "logout_token=" { "is not a compact JWS" } else { why };
        let answer = sent_form(&world, form).await;
        refused(&mut world, &answer, expected).await;
    }
    let twice = format!("logout_token={token}&logout_token={token}");
    let answer = sent_form(&world, twice).await;
    refused(&mut world, &answer, why).await;
    for kind in ["application/json", "text/plain", "multipart/form-data"] {
        let request = Request::post(ADDRESS).header(CONTENT_TYPE, kind);
        let body = json!({ "logout_token": token }).to_string();
        let answer = sent(&world.auth, request.body(body.into()).unwrap()).await;
        refused(&mut world, &answer, why).await;
    }
    let request = Request::post(format!("{ADDRESS}?logout_token={token}"));
    let answer = sent(&world.auth, request.body(Bytes::new()).unwrap()).await;
    refused(&mut world, &answer, why).await;
    // A browser's cookies are nothing to it.
    let mut request = world.idp.logout_token(SUBJECT).request(ADDRESS).unwrap();
    let mut stranger = world.another_browser();
    stranger.csrf_token().await;
    request.headers_mut().insert(COOKIE, stranger.cookie_header().parse().unwrap());
    assert_eq!(sent(&world.auth, request).await, "200 ");
    assert!(!is_signed_in(&mut world.browser).await);
}

#[tokio::test]
async fn only_a_post_for_a_provider_that_can_send_it_is_an_action() {
    let mut world = signed_in().await;
    let token = world.idp.logout_token(SUBJECT).sign();
    let form = format!("logout_token={token}");
    for path in ["", "/", "/github", "/unknown", "/credentials"] {
        let request = Request::post(format!("/api/auth/backchannel-logout{path}"))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = request.body(form.clone().into()).unwrap();
        assert_eq!(sent(&world.auth, request).await, UNKNOWN, "{path}");
        assert_eq!(world.lines.codes(), ["UNSUPPORTED_ACTION_ERROR"]);
    }
    for method in [Method::GET, Method::PUT, Method::HEAD] {
        let request = Request::builder()
            .method(method.clone())
            .uri(format!("{ADDRESS}?{form}"))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = sent(&world.auth, request.body(form.clone().into()).unwrap()).await;
        assert_eq!(answer, UNKNOWN.replace("POST", method.as_str()));
    }
    assert!(is_signed_in(&mut world.browser).await);
}

#[tokio::test]
async fn who_did_not_ask_for_it_has_no_such_action() {
    let mut world = world!(site => site.adapter(MemoryAdapter::new()).build().unwrap());
    world.sign_in("idp").await;
    let token = world.idp.logout_token(SUBJECT);
    assert_eq!(sent(&world.auth, token.request(ADDRESS).unwrap()).await, UNKNOWN);
    assert!(is_signed_in(&mut world.browser).await);
    let tokens = world!(site => site.provider(credentials()).build().unwrap());
    let token = tokens.idp.logout_token(SUBJECT);
    assert_eq!(sent(&tokens.auth, token.request(ADDRESS).unwrap()).await, UNKNOWN);
}

#[test]
fn without_a_provider_that_sends_logout_tokens_nothing_is_built() {
    let clock = typegate::testing::FrozenClock::at(0);
    let error = site!(clock)
        .adapter(MemoryAdapter::new())
        .provider(IdentityProvider::github_provider())
        .back_channel_logout()
        .build()
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "back-channel logout needs an OpenID Connect provider, and the configuration has none: \
         write `.provider(Oidc::builder()..build())`, or leave `.back_channel_logout()` out"
    );
}
