//! The absolute age of a session: it ends however busy it is.

use jiff::Timestamp;
use serde_json::{Value, json};
use typegate::hooks::Callbacks;
use typegate::{Claims, Jwt, SigningAlgorithm, SigningKey};

use super::support::{NOW, SECRET, World, credentials, open, seal, world};

const NAME: &str = "next-auth.session-token";
const UNUSED: u32 = 1000;
const IN_ALL: u32 = 2500;

fn limited() -> Jwt {
    Jwt::default().max_age(UNUSED).absolute_max_age(IN_ALL).into()
}

fn start(strategy: impl Into<Jwt>) -> World {
    world!(site => site.provider(credentials()).session(strategy.into()).build().unwrap())
}

fn iso(second: i64) -> Value {
    format!("{:.3}", Timestamp::from_second(second).unwrap()).into()
}

/// Reads the session every 500 seconds and says after how many it was over.
async fn busy_for<D: 'static>(world: &mut World<D>) -> i64 {
    let mut age = 0;
    loop {
        for wait in [499, 1] {
            world.clock.advance(wait);
            age += wait;
            // As somebody who keeps the cookie for longer than it should be kept.
            let token = world.browser.jar.value(NAME).unwrap().to_owned();
            world.browser.jar.plant(NAME, &token);
            let answer = world.browser.get("/api/auth/session").await;
            if answer.json() == json!({}) {
                assert!(answer.cookie(NAME).unwrap().is_deletion());
                return age;
            }
            assert!(age < 10_000);
        }
    }
}

#[tokio::test]
async fn r105_a_busy_session_ends() {
    let jwk = SigningKey::generate_jwk(SigningAlgorithm::Hs512).unwrap();
    let signed = limited().signed(SigningKey::from_jwk(&jwk).unwrap());
    for strategy in [limited(), signed.into()] {
        let mut world = start(strategy);
        world.browser.sign_in_with_credentials().await;
        assert_eq!(busy_for(&mut world).await, 2500);
        // The next sign-in begins a session of its own.
        world.browser.sign_in_with_credentials().await;
        assert_eq!(busy_for(&mut world).await, 2500);
    }
}

#[tokio::test]
async fn r105_body_cookie_and_token_say_when_it_ends() {
    let mut world = start(limited());
    let answer = world.browser.sign_in_with_credentials().await;
    assert_eq!(answer.cookie(NAME).unwrap().expires, Some(NOW + 1000));
    for (wait, end) in [(900, NOW + 1900), (900, NOW + 2500), (699, NOW + 2500)] {
        world.clock.advance(wait);
        let answer = world.browser.get("/api/auth/session").await;
        assert_eq!(answer.json()["expires"], iso(end));
        let cookie = answer.cookie(NAME).unwrap();
        assert_eq!(cookie.expires, Some(end));
        let claims = open(&cookie.value, SECRET, "");
        assert_eq!((&claims["exp"], &claims["session_started_at"]), (&json!(end), &json!(NOW)));
    }
    let headers = |token: &str| {
        let cookie = format!("{NAME}={token}").parse().unwrap();
        http::HeaderMap::from_iter([(http::header::COOKIE, cookie)])
    };
    let last = world.browser.jar.value(NAME).unwrap().to_owned();
    assert!(world.auth.claims(&headers(&last)).is_some());
    world.clock.advance(1);
    assert!(world.auth.claims(&headers(&last)).is_none());
}

#[tokio::test]
async fn r105_no_callback_makes_a_session_last_longer() {
    let callbacks = Callbacks::new().jwt(|request| async move {
        let mut claims = Claims::default();
        claims.insert("name", "Ada");
        claims.insert("session_started_at", NOW + 1_000_000);
        Ok(if request.user.is_some() { request.token } else { claims })
    });
    let mut world = world!(site => {
        site.provider(credentials()).session(limited()).callbacks(callbacks).build().unwrap()
    });
    world.browser.sign_in_with_credentials().await;
    assert_eq!(busy_for(&mut world).await, 2500);
}

/// It is counted from the last token without the claim: one that was read just now is a sign-in to
/// whoever did not write down the real one.
#[tokio::test]
async fn a_session_from_before_the_limit_is_not_over_at_once() {
    let mut world = start(limited());
    let claims = json!({ "name": "Ada", "iat": NOW - 400, "exp": NOW + 600 });
    world.browser.jar.plant(NAME, &seal(&claims, SECRET, ""));
    assert_eq!(world.browser.session().await["user"]["name"], "Ada");
    // 2500 seconds after the token was made, at the next look.
    assert_eq!(busy_for(&mut world).await, 2499);
    let without_time = json!({ "name": "Ada", "exp": NOW + 100_000 });
    world.browser.jar.plant(NAME, &seal(&without_time, SECRET, ""));
    assert_eq!(world.browser.session().await, json!({}));
}

/// A claim of that name that the application had before, in milliseconds or by a clock that ran
/// ahead: no session begins after its token was written.
#[tokio::test]
async fn r105_a_beginning_in_the_future_is_none() {
    for started in [json!(NOW * 1000), json!(NOW + 5000), json!(i64::MAX), json!("yesterday")] {
        let mut world = start(limited());
        let times = json!({ "iat": NOW - 400, "exp": NOW + 600, "session_started_at": started });
        world.browser.jar.plant(NAME, &seal(&times, SECRET, ""));
        assert_eq!(busy_for(&mut world).await, 2499, "{started}");
    }
}

#[tokio::test]
async fn without_a_limit_a_busy_session_goes_on_and_no_token_has_the_claim() {
    let mut world = start(Jwt::default().max_age(UNUSED));
    world.browser.sign_in_with_credentials().await;
    for _ in 0..10 {
        world.clock.advance(900);
        assert_eq!(world.browser.session().await["user"]["name"], "Ada Lovelace");
    }
    let claims = open(world.browser.jar.value(NAME).unwrap(), SECRET, "");
    assert!(claims.get("session_started_at").is_none());
}
