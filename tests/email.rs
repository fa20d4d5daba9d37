//! Sign-in by an e-mail link, through the whole engine.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that meets a surprise fails"
)]

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use serde_json::Value;
use typegate::adapter::{MemoryAdapter, SessionStore, UserStore, VerificationTokenStore};
use typegate::provider::{Email, EmailMessage};
use typegate::testing::FrozenClock;
use typegate::{Auth, CallbackError, Database, Jwt, NewUser, Secret, SessionToken, TokenHash};

const BASE: &str = "http://localhost:3000/api/auth";
const SECRET: &str = "a secret for tests, long enough for all of us";
const NOW: i64 = 1_700_000_000;

/// A server with a mailbox, and one browser.
struct World {
    auth: Auth,
    adapter: MemoryAdapter,
    clock: FrozenClock,
    mailbox: Arc<Mutex<Vec<EmailMessage>>>,
    broken_mailer: Arc<Mutex<bool>>,
    cookies: Vec<(String, String)>,
}

impl World {
    fn new() -> Self {
        Self::with(|email| email, true)
    }

    fn with(change: impl FnOnce(Email) -> Email, database: bool) -> Self {
        let (adapter, clock) = (MemoryAdapter::new(), FrozenClock::at(NOW));
        let mailbox: Arc<Mutex<Vec<EmailMessage>>> = Arc::default();
        let broken_mailer: Arc<Mutex<bool>> = Arc::default();
        let (sent, broken) = (Arc::clone(&mailbox), Arc::clone(&broken_mailer));
        let email = change(Email::new(move |message| {
            let outcome = if *broken.lock().unwrap() {
                Err(CallbackError::new("the mail server refused"))
            } else {
                sent.lock().unwrap().push(message);
                Ok(())
            };
            async move { outcome }
        }));
        let builder = Auth::builder()
            .secret(Secret::new(SECRET).unwrap())
            .url("http://localhost:3000".parse().unwrap())
            .adapter(adapter.clone())
            .clock(clock.clone())
            .provider(email);
        let auth = if database {
            builder.session(Database::default()).build()
        } else {
            builder.session(Jwt::default()).build()
        };
        let auth = auth.unwrap();
        Self { auth, adapter, clock, mailbox, broken_mailer, cookies: Vec::new() }
    }

    async fn send(&mut self, request: http::request::Builder, body: String) -> Response<Bytes> {
        let cookies: Vec<_> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request.header(header::COOKIE, cookies.join("; ")).body(body.into()).unwrap();
        let response = self.auth.handle(request).await;
        for line in response.headers().get_all(header::SET_COOKIE) {
            let (name, rest) = line.to_str().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(existing, _)| existing != name);
            if !rest.contains("Max-Age=0") {
                let value = rest.split(';').next().unwrap();
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        response
    }

    async fn get(&mut self, address: &str) -> Response<Bytes> {
        let path = address.strip_prefix("http://localhost:3000").unwrap_or(address);
        self.send(Request::get(path), String::new()).await
    }

    /// Asks for a link and returns where the browser is sent.
    async fn ask(&mut self, email: &str) -> String {
        let csrf = self.get("/api/auth/csrf").await;
        let csrf: Value = serde_json::from_slice(csrf.body()).unwrap();
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("csrfToken", csrf["csrfToken"].as_str().unwrap())
            .append_pair("email", email)
            .append_pair("callbackUrl", "/welcome?a=b")
            .finish();
        let request = Request::post("/api/auth/signin/email")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        location(&self.send(request, form).await)
    }

    fn mail(&self) -> EmailMessage {
        self.mailbox.lock().unwrap().last().expect("a message").clone()
    }

    async fn session(&mut self) -> Value {
        serde_json::from_slice(self.get("/api/auth/session").await.body()).unwrap()
    }

    fn cookie(&self, name: &str) -> Option<String> {
        let found = self.cookies.iter().find(|(candidate, _)| candidate == name);
        found.map(|(_, value)| value.clone())
    }
}

fn location(response: &Response<Bytes>) -> String {
    assert_eq!(response.status(), StatusCode::FOUND);
    response.headers()[header::LOCATION].to_str().unwrap().to_owned()
}

fn error(code: &str) -> String {
    format!("{BASE}/error?error={code}")
}

fn with(url: &str, name: &str, value: Option<&str>) -> String {
    let mut url = url::Url::parse(url).unwrap();
    let pairs: Vec<(String, String)> =
        url.query_pairs().into_owned().filter(|(existing, _)| existing != name).collect();
    url.query_pairs_mut().clear().extend_pairs(pairs);
    if let Some(value) = value {
        url.query_pairs_mut().append_pair(name, value);
    }
    url.into()
}

#[tokio::test]
async fn a_link_signs_a_new_user_in_and_the_next_one_the_same_user() {
    let mut world = World::new();
    let sent_to = world.ask("  Ada@Example.COM ").await;
    assert_eq!(sent_to, format!("{BASE}/verify-request?provider=email&type=email"));
    let mail = world.mail();
    assert_eq!(
        (mail.to.as_str(), mail.subject.as_str()),
        ("ada@example.com", "Sign in to localhost:3000")
    );
    let query = format!(
        "{BASE}/callback/email?callbackUrl=http%3A%2F%2Flocalhost%3A3000%2Fwelcome%3Fa%3Db&token="
    );
    assert!(mail.url.starts_with(&query) && mail.url.ends_with("&email=ada%40example.com"));

    let back = world.get(&mail.url).await;
    assert_eq!(location(&back), "http://localhost:3000/welcome?a=b");
    assert_eq!(world.session().await["user"]["email"], "ada@example.com");
    let user = world.adapter.user_by_email("ada@example.com").await.unwrap().unwrap();
    assert_eq!(user.email_verified.unwrap().as_second(), NOW);

    world.clock.advance(60);
    world.ask("ada@example.com").await;
    let again = world.mail().url;
    world.get(&again).await;
    let same = world.adapter.user_by_email("ada@example.com").await.unwrap().unwrap();
    assert_eq!(same.id, user.id);
    assert_eq!(same.email_verified.unwrap().as_second(), NOW + 60);
}

#[tokio::test]
async fn a_link_works_with_sessions_in_cookies_too() {
    let mut world = World::with(|email| email, false);
    world.ask("ada@example.com").await;
    let url = world.mail().url;
    world.get(&url).await;
    assert_eq!(world.session().await["user"]["email"], "ada@example.com");
    assert!(world.cookie("next-auth.session-token").unwrap().starts_with("eyJ"));
}

#[tokio::test]
async fn r069_the_mailer_gets_what_was_stored_and_what_the_link_says() {
    let mut world = World::new();
    world.ask("ANN+tag@BÜCHER.example").await;
    let mail = world.mail();
    assert_eq!(mail.to, "ann+tag@xn--bcher-kva.example");
    assert!(mail.url.ends_with("&email=ann%2Btag%40xn--bcher-kva.example"));
    world.get(&mail.url).await;
    assert!(world.adapter.user_by_email(&mail.to).await.unwrap().is_some());
}

#[tokio::test]
async fn r073_the_link_starts_with_the_configured_origin() {
    let mut world = World::new();
    let csrf = world.get("/api/auth/csrf").await;
    let csrf: Value = serde_json::from_slice(csrf.body()).unwrap();
    let request = Request::post("/api/auth/signin/email")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::HOST, "evil.example")
        .header("x-forwarded-host", "evil.example");
    let token = csrf["csrfToken"].as_str().unwrap();
    world.send(request, format!("csrfToken={token}&email=a@b.co")).await;
    assert!(world.mail().url.starts_with(BASE));
}

#[tokio::test]
async fn r074_the_database_holds_a_hash_only() {
    let mut world = World::new();
    world.ask("ada@example.com").await;
    let url = url::Url::parse(&world.mail().url).unwrap();
    let token = url.query_pairs().find(|(name, _)| name == "token").unwrap().1.into_owned();
    assert_eq!(token.len(), 64);
    let take = |text: String| {
        let adapter = world.adapter.clone();
        async move {
            let hash = TokenHash::new(text);
            adapter.use_verification_token("ada@example.com", &hash).await.unwrap()
        }
    };
    assert!(take(token.clone()).await.is_none());
    let digest = ring::digest::digest(&ring::digest::SHA256, format!("{token}{SECRET}").as_bytes());
    let hash: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(take(hash).await.is_some());
}

#[tokio::test]
async fn r075_a_link_is_good_once() {
    let mut world = World::new();
    world.ask("ada@example.com").await;
    let url = world.mail().url;
    let (mut one, mut two) = (world, World::new());
    two.auth = one.auth.clone();
    let (first, second) = tokio::join!(one.get(&url), two.get(&url));
    let mut places = [location(&first), location(&second)];
    places.sort();
    assert_eq!(places, [error("Verification"), "http://localhost:3000/welcome?a=b".to_owned()]);
}

#[tokio::test]
async fn r076_r078_token_and_address_belong_together_and_both_are_needed() {
    let mut world = World::new();
    world.ask("ada@example.com").await;
    let url = world.mail().url;
    for (name, value, expected) in [
        ("email", None, "Verification"),
        ("email", Some(""), "Verification"),
        ("email", Some("bob@example.com"), "Verification"),
        ("email", Some("ADA@example.com"), "Verification"),
        ("email", Some("ada%40example.com"), "Verification"),
        ("token", Some("zz"), "Verification"),
        ("token", Some(" "), "configuration"),
        ("token", None, "configuration"),
    ] {
        let answer = world.get(&with(&url, name, value)).await;
        assert_eq!(location(&answer), error(expected), "{name} {value:?}");
    }
    let repeated = world.get(&format!("{url}&email=ada%40example.com")).await;
    assert_eq!(location(&repeated), error("Verification"));
    // None of these used the link up.
    assert_eq!(location(&world.get(&url).await), "http://localhost:3000/welcome?a=b");
}

#[tokio::test]
async fn r077_a_link_ends_to_the_second() {
    for (age, good) in [(600, true), (601, false)] {
        let mut world = World::with(|email| email.max_age(600), true);
        world.ask("ada@example.com").await;
        let url = world.mail().url;
        world.clock.advance(age);
        let place = location(&world.get(&url).await);
        assert_eq!(place == error("Verification"), !good, "{age}");
        assert_eq!(location(&world.get(&url).await), error("Verification"));
    }
}

#[tokio::test]
async fn r079_head_does_not_use_a_link_up() {
    let mut world = World::new();
    world.ask("ada@example.com").await;
    let url = world.mail().url;
    let path = url.strip_prefix("http://localhost:3000").unwrap().to_owned();
    for method in ["HEAD", "OPTIONS", "PUT"] {
        let request = Request::builder().method(method).uri(&path);
        let answer = world.send(request, String::new()).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    }
    assert_eq!(location(&world.get(&url).await), "http://localhost:3000/welcome?a=b");
}

#[tokio::test]
async fn r080_known_and_unknown_addresses_get_the_same_answer() {
    let mut world = World::new();
    let mut known = NewUser::default();
    known.email = Some("known@example.com".to_owned());
    world.adapter.create_user(known).await.unwrap();
    assert_eq!(world.ask("known@example.com").await, world.ask("unknown@example.com").await);
}

#[tokio::test]
async fn r082_a_message_that_was_not_sent_leaves_no_usable_token() {
    let mut world = World::new();
    *world.broken_mailer.lock().unwrap() = true;
    assert_eq!(world.ask("ada@example.com").await, error("EmailSignin"));
    assert!(world.mailbox.lock().unwrap().is_empty());
    *world.broken_mailer.lock().unwrap() = false;
    world.ask("ada@example.com").await;
    let url = world.mail().url;
    assert_eq!(location(&world.get(&url).await), "http://localhost:3000/welcome?a=b");
}

#[tokio::test]
async fn bad_addresses_get_no_message() {
    let mut world = World::new();
    for bad in ["", "plain", "a@b", "a@b.co@c.co", "\"a\"@b.co", "a@b.co\nbcc: x@y.z", "<a@b.co>"] {
        assert_eq!(world.ask(bad).await, error("EmailSignin"), "{bad:?}");
    }
    assert!(world.mailbox.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_application_may_have_its_own_rule_for_addresses() {
    let only_ours =
        |text: &str| text.strip_suffix("@corp").map(|name| format!("{name}@corp.example"));
    let mut world = World::with(|email| email.normalise(only_ours), true);
    world.ask("ada@corp").await;
    assert_eq!(world.mail().to, "ada@corp.example");
    assert_eq!(world.ask("ada@other.example").await, error("EmailSignin"));
}

#[tokio::test]
async fn r102_signing_in_as_another_user_ends_the_earlier_session() {
    let mut world = World::new();
    let mut tokens = Vec::new();
    for address in ["ada@example.com", "bob@example.com"] {
        world.ask(address).await;
        let url = world.mail().url;
        world.get(&url).await;
        assert_eq!(world.session().await["user"]["email"], address);
        tokens.push(SessionToken::new(world.cookie("next-auth.session-token").unwrap()));
    }
    assert_ne!(tokens[0].expose(), tokens[1].expose());
    assert!(world.adapter.session_and_user(&tokens[0]).await.unwrap().is_none());
    assert!(world.adapter.session_and_user(&tokens[1]).await.unwrap().is_some());
}

/// Recorded on next-auth 4.24.15.
#[test]
fn the_link_and_the_stored_hash_are_v4s() {
    let data: Value = serde_json::from_str(include_str!("data/email.json")).unwrap();
    for (name, secret) in [("request", "secret"), ("request_with_own_secret", "ps")] {
        let case = &data[name];
        let text = |name: &str| case[name].as_str().unwrap();
        let pepper = format!("{}{secret}", text("token"));
        let digest = ring::digest::digest(&ring::digest::SHA256, pepper.as_bytes());
        let hash: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hash, text("stored"));
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("callbackUrl", "http://localhost:3000/welcome?a=b c&d=é")
            .append_pair("token", text("token"))
            .append_pair("email", text("identifier"))
            .finish();
        assert!(text("url").ends_with(&query), "{case}");
    }
}
