//! Large sessions: longer than browsers and servers carry.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};
use serde_json::{Value, json};
use typegate::cookie::{CookieName, CookiePolicy, Cookies};
use typegate::hooks::{Callbacks, TokenRequest, Trigger};
use typegate::provider::Credentials;
use typegate::{AuthorizeError, Jwt, User};

use super::support::{
    BASE, Database, NOW, ORIGIN, SECRET, Sequence, World, credentials, open, seal, world,
};

const NAME: &str = "next-auth.session-token";
/// Characters of a full chunk.
const FULL: usize = 3933;

/// Signs in whoever asks, under a name of the length that is typed.
fn any_length() -> Credentials {
    #[derive(serde::Deserialize)]
    struct Login {
        length: String,
        picture: Option<String>,
    }
    Credentials::new(|login: Login| async move {
        let user = User::new("1").name("n".repeat(login.length.parse().unwrap()));
        Ok::<_, AuthorizeError>(Some(match login.picture {
            Some(picture) => user.image(picture),
            None => user,
        }))
    })
    .text_field("length", "Length")
}

fn start(jwt: impl Into<Jwt>) -> World {
    world!(site => site.provider(any_length()).session(jwt.into()).build().unwrap())
}

async fn sign_in(world: &mut World, length: usize) -> super::support::Answer {
    let fields = [("length", &*length.to_string())];
    world.browser.post("/api/auth/callback/credentials", &fields).await
}

#[tokio::test]
async fn r187_a_session_that_would_not_come_back_is_no_sign_in() {
    for length in [1024 * 1024, 16 * 1024] {
        let mut world = start(Jwt::default());
        let answer = sign_in(&mut world, length).await;
        assert_eq!(answer.outline(), [format!("302 {BASE}/error?error=Callback")], "{length}");
        assert_eq!(world.browser.session().await, json!({}));
        let [line] = &world.lines.take()[..] else { panic!("one line") };
        assert_eq!(line.code, "SESSION_TOO_LARGE_ERROR");
        let members = format!("`name` with {} bytes, `jti` with 38 bytes", length + 2);
        assert!(line.message.contains(&members), "{}", line.message);
    }
}

#[tokio::test]
async fn r187_whatever_is_written_comes_back() {
    // The longest name that fits, and the first that does not.
    let fits = async |length| {
        let mut world = start(Jwt::default());
        let answer = sign_in(&mut world, length).await;
        let is_written = answer.location() == ORIGIN;
        let shown = world.browser.session().await["user"]["name"].as_str().map(str::len);
        assert_eq!(shown, is_written.then_some(length));
        let chunks = answer.cookies.iter().map(|cookie| cookie.value.len()).sum::<usize>();
        assert!(chunks <= 4 * FULL, "{chunks}");
        is_written
    };
    let (mut good, mut bad) = (0, 1024 * 1024);
    while bad - good > 1 {
        let middle = usize::midpoint(good, bad);
        *(if fits(middle).await { &mut good } else { &mut bad }) = middle;
    }
    assert!((11_000..4 * FULL).contains(&good), "{good}");
}

#[tokio::test]
async fn r187_the_application_says_how_long_sessions_may_be() {
    let mut world = start(Jwt::default().max_size(100_000));
    assert_eq!(sign_in(&mut world, 60_000).await.location(), ORIGIN);
    assert_eq!(world.browser.session().await["user"]["name"].as_str().unwrap().len(), 60_000);
    let mut world = start(Jwt::default().max_size(2000));
    assert_eq!(sign_in(&mut world, 1000).await.location(), ORIGIN);
    assert!(sign_in(&mut world, 2000).await.location().contains("error=Callback"));
    for bytes in [0, 1023, 32 * 3933 + 1, u32::MAX] {
        let clock = super::support::Parts::new().clock;
        let site = super::support::site!(clock).provider(any_length());
        let error = site.session(Jwt::default().max_size(bytes)).build().unwrap_err();
        assert!(error.to_string().contains("from 1024 to 125856"), "{error}");
    }
}

#[tokio::test]
async fn r187_long_sessions_are_a_warning_once_an_hour() {
    let mut world = start(Jwt::default());
    sign_in(&mut world, 2000).await;
    assert!(world.lines.take().is_empty());
    let picture = format!("data:image/png;base64,{}", "A".repeat(4000));
    let fields = [("length", "3"), ("picture", &*picture)];
    world.browser.post("/api/auth/callback/credentials", &fields).await;
    let [line] = &world.lines.take()[..] else { panic!("one line") };
    assert_eq!(line.code, "LARGE_SESSION_WARNING");
    let said = "its largest members are `picture` with 4024 bytes (a `data:` URL), `jti`";
    assert!(line.message.contains(said), "{}", line.message);
    assert!(!line.message.contains("AAAA"));
    for wait in [0, 1, 3598] {
        world.clock.advance(wait);
        world.browser.session().await;
        assert!(world.lines.take().is_empty(), "{wait}");
    }
    world.clock.advance(1);
    world.browser.session().await;
    assert_eq!(world.lines.codes(), ["LARGE_SESSION_WARNING"]);
}

/// An application whose `jwt` callback adds so many bytes after the sign-in.
fn growing(bytes: usize) -> World {
    let callbacks = Callbacks::new().jwt(move |request: TokenRequest| async move {
        let mut token = request.token;
        if request.trigger != Trigger::SignIn {
            token.insert("roles", "r".repeat(bytes));
        }
        Ok(token)
    });
    world!(site => site.provider(credentials()).callbacks(callbacks).build().unwrap())
}

#[tokio::test]
async fn r187_a_session_that_grows_too_large_stays_as_it_was() {
    let mut world = growing(20_000);
    world.browser.sign_in_with_credentials().await;
    let kept = world.browser.jar.value(NAME).unwrap().to_owned();
    world.lines.take();
    let token = world.browser.csrf_token().await;
    for _ in 0..3 {
        let answer = world.browser.get("/api/auth/session").await;
        assert_eq!(answer.outline().len(), 1, "no cookie is sent");
        assert_eq!(answer.json()["user"]["name"], "Ada Lovelace");
        let body = json!({ "csrfToken": token, "data": { "x": 1 } });
        let answer = world.browser.post_json("/api/auth/session", &body).await;
        assert_eq!(answer.outline().len(), 1, "no cookie is sent");
    }
    assert_eq!(world.browser.jar.value(NAME), Some(&*kept));
    let lines = world.lines.take();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].code, "SESSION_TOO_LARGE_ERROR");
    assert!(lines[0].message.contains("`roles` with 20002 bytes"), "{}", lines[0].message);
    // It is good for as long as it was.
    world.clock.advance(29 * 86400);
    assert_eq!(world.browser.session().await["user"]["name"], "Ada Lovelace");
}

#[tokio::test]
async fn r187_sessions_that_are_rows_have_no_limit() {
    let database = Database::default();
    let mut world = world!(site => {
        site.adapter(database.clone()).session(typegate::Database::default()).build().unwrap()
    });
    world.github.change(|github| github.user_info["name"] = "n".repeat(200_000).into());
    world.sign_in("github").await;
    assert_eq!(world.browser.session().await["user"]["name"].as_str().unwrap().len(), 200_000);
    assert!(world.lines.take().is_empty());
}

#[tokio::test]
async fn r187_no_name_makes_a_cookie_too_long() {
    let name = |length: usize| CookieName::new("c".repeat(length)).unwrap();
    let cookies = |length| {
        Cookies::new()
            .session_token(CookiePolicy::new(name(length)))
            .callback_url(CookiePolicy::new(name(length - 1)))
    };
    let mut world = world!(site => {
        site.provider(any_length()).cookies(cookies(1023)).build().unwrap()
    });
    let lengths = [100, 1000, 2000, 3000, 3900, 4096, 8000, 20_000];
    for length in lengths {
        let target = format!("/api/auth/csrf?callbackUrl=/{}", "é".repeat(length / 6));
        let answer = world.browser.get(&target).await;
        assert!(browser_keeps(&answer.cookies), "{length}");
        let answer = sign_in(&mut world, length / 2).await;
        assert!(browser_keeps(&answer.cookies), "{length}");
        let shown = world.browser.session().await;
        assert_eq!(shown["user"]["name"].as_str().map(str::len), Some(length / 2));
    }
    let clock = super::support::Parts::new().clock;
    let site = super::support::site!(clock).provider(any_length());
    let error = site.cookies(cookies(1024)).build().unwrap_err();
    assert!(error.to_string().contains("longer than 1024 characters"), "{error}");
}

/// JSON of every kind.
fn any_json(random: &mut Sequence, depth: usize) -> Value {
    match random.below(if depth == 0 { 6 } else { 8 }) {
        0 => Value::Null,
        1 => (random.below(2) == 0).into(),
        2 => random.number().cast_signed().into(),
        3 => json!(f64::from_bits(random.number() << 9 ^ random.number())),
        4 => random.number().into(),
        5 => any_text(random).into(),
        6 => (0..random.below(5)).map(|_| any_json(random, depth - 1)).collect(),
        _ => {
            let members =
                (0..random.below(5)).map(|_| (any_text(random), any_json(random, depth - 1)));
            Value::Object(members.collect())
        }
    }
}

fn any_text(random: &mut Sequence) -> String {
    let parts = ["a", "\0", "\"", "\\", "\u{fffd}", "é", "\u{1f600}", "\u{2028}", "__proto__", ";"];
    (0..random.below(40)).map(|_| random.one_of(&parts)).collect()
}

/// What a browser takes: names and values of at most 4096 bytes, and 180 cookies.
fn browser_keeps(cookies: &[super::support::Cookie]) -> bool {
    cookies.len() <= 180
        && cookies.iter().all(|cookie| cookie.name.len() + cookie.value.len() <= 4096)
}

#[tokio::test]
async fn r202_any_claims_are_sealed_sent_and_read_unchanged() {
    let mut random = Sequence::new();
    let written = Arc::new(AtomicUsize::new(0));
    for round in 0..300 {
        let mut world = world!(site => site.provider(credentials()).build().unwrap());
        let mut claims = json!({ "sub": "1", "iat": NOW, "exp": NOW + 60 });
        for _ in 0..random.below(6) {
            let name = format!("{}{}", any_text(&mut random), random.below(9));
            claims[name] = any_json(&mut random, 4);
        }
        claims["filled"] = "f".repeat(random.below(13_000)).into();
        let sealed = seal(&claims, SECRET, "");
        let chunks = sealed.as_bytes().chunks(FULL).map(|chunk| str::from_utf8(chunk).unwrap());
        if sealed.len() <= FULL {
            world.browser.jar.plant(NAME, &sealed);
        } else {
            for (index, chunk) in chunks.enumerate() {
                world.browser.jar.plant(&format!("{NAME}.{index}"), chunk);
            }
        }
        // Read and written anew by the server, then read from what the browser kept.
        let answer = world.browser.get("/api/auth/session").await;
        assert!(browser_keeps(&answer.cookies), "{round}");
        let sent: String = answer
            .cookies
            .iter()
            .filter(|cookie| cookie.name.starts_with(NAME) && !cookie.is_deletion())
            .map(|cookie| cookie.value.as_str())
            .collect();
        if !sent.is_empty() {
            written.fetch_add(1, Ordering::Relaxed);
            let mut read = open(&sent, SECRET, "");
            (read["exp"], read["iat"]) = (claims["exp"].clone(), claims["iat"].clone());
            read.as_object_mut().unwrap().shift_remove("jti");
            assert_eq!(read, claims, "{round}");
        }
        let line = HeaderValue::from_str(&world.browser.cookie_header()).unwrap();
        let read = world.auth.claims(&HeaderMap::from_iter([(COOKIE, line)])).unwrap();
        for (name, value) in claims.as_object().unwrap() {
            if name != "iat" && name != "exp" {
                assert_eq!(&read.as_object()[name], value, "{round} {name}");
            }
        }
    }
    assert!(written.load(Ordering::Relaxed) > 200);
}
