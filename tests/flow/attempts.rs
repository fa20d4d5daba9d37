//! Concurrent sign-ins in one browser: none gets in the way of another.

use serde_json::{Value, json};
use typegate::provider::{Adjust as _, Check};
use typegate::testing::FrozenClock;

use super::support::{
    BASE, Browser, Database, IdentityProvider, NOW, ORIGIN, SECRET, World, client_of, error,
    refused, seal, site, with_parameter, without_attempt, world,
};

const STATE: &str = "next-auth.state";
const PKCE: &str = "next-auth.pkce.code_verifier";
const NONCE: &str = "next-auth.nonce";
const CHECKS: [&str; 3] = [STATE, PKCE, NONCE];
const SESSION: &str = "next-auth.session-token";

/// How many attempts the browser keeps cookies of.
fn kept(world: &World) -> usize {
    let names = world.browser.jar.names();
    let counts = CHECKS.map(|check| names.iter().filter(|name| **name == check).count());
    assert!(counts.iter().all(|count| *count == counts[0]), "{names:?}");
    counts[0]
}

#[tokio::test]
async fn r186_sign_ins_in_two_tabs_both_end_well() {
    for (order, id) in [([0, 1], "idp"), ([1, 0], "idp"), ([0, 1], "github"), ([1, 0], "github")] {
        let mut world = World::new();
        let tabs = [world.start(id).await, world.start(id).await];
        for tab in order {
            let answer = world.browser.get(&tabs[tab]).await;
            assert_eq!(answer.location(), format!("{ORIGIN}/next"), "{id} {order:?}");
            assert!(answer.cookie(SESSION).is_some(), "{id} {order:?}");
        }
        assert!(!world.browser.jar.names().iter().any(|name| CHECKS.contains(name)));
    }
}

#[tokio::test]
async fn r186_tabs_that_begin_in_the_same_moment_both_end_well() {
    let mut world = World::new();
    world.browser.csrf_token().await;
    // Neither request has the cookies that the other one is answered with.
    let mut second = world.another_browser();
    second.jar = world.browser.jar.clone();
    let there = second.post("/api/auth/signin/idp", &[("callbackUrl", "/next")]).await;
    let other = world.idp.authorize(there.location());
    let own = world.start("idp").await;
    for cookie in there.cookies {
        world.browser.jar.take(cookie, false, NOW);
    }
    for back in [own, other] {
        let answer = world.browser.get(&back).await;
        assert_eq!(answer.location(), format!("{ORIGIN}/next"));
    }
}

#[tokio::test]
async fn r186_a_refused_state_costs_no_other_attempt() {
    for state in [&["wrong"][..], &[""], &[], &["a", "b"]] {
        for parameters in [None, Some("error=access_denied"), Some("iss=https://evil.example")] {
            let mut world = World::new();
            let back = world.start("idp").await;
            let before = world.browser.cookie_header();
            let mut foreign = with_parameter(&back, "state", state);
            foreign.extend(parameters.map(|rest| format!("&{rest}")));
            let answer = world.browser.get(&foreign).await;
            assert!(answer.location().starts_with(&format!("{BASE}/error?error=")), "{state:?}");
            assert_eq!(world.browser.cookie_header(), before, "{state:?}");
            assert!(world.idp.requests().is_empty());
            let answer = world.browser.get(&back).await;
            assert_eq!(answer.location(), format!("{ORIGIN}/next"), "{state:?}");
        }
    }
}

#[tokio::test]
async fn r186_only_the_spent_attempts_cookies_are_deleted() {
    let mut world = World::new();
    let (first, second) = (world.start("idp").await, world.start("idp").await);
    world.idp.break_endpoint("/token", 500, "{}");
    assert_eq!(world.browser.get(&first).await.outline(), refused("OAuthCallback"));
    assert_eq!(kept(&world), 1);
    // Good for one callback, also where another attempt is under way.
    world.idp.requests();
    assert_eq!(world.browser.get(&first).await.outline()[0], error("OAuthCallback"));
    assert!(world.idp.requests().is_empty());
    assert_eq!(kept(&world), 1);
    world.idp.change(|idp| idp.broken.clear());
    assert_eq!(world.browser.get(&second).await.location(), format!("{ORIGIN}/next"));
    assert_eq!(kept(&world), 0);
}

#[tokio::test]
async fn r186_the_oldest_of_many_attempts_are_dropped() {
    let mut world = World::new();
    let mut tabs = Vec::new();
    for tab in 0..12 {
        tabs.push(world.start("idp").await);
        world.clock.advance(1);
        assert_eq!(kept(&world), usize::min(tab + 1, 5));
    }
    // A header of one line of 8 KiB is what many servers read.
    assert!(world.browser.cookie_header().len() < 6 * 1024);
    // In whichever order the browser sends them.
    let answer = world.browser.get(&tabs[6]).await;
    assert_eq!(answer.outline()[0], error("OAuthCallback"));
    for tab in &tabs[7..] {
        assert_eq!(world.browser.get(tab).await.location(), format!("{ORIGIN}/next"));
    }
}

#[tokio::test]
async fn r186_cookies_that_nobody_can_open_are_dropped_first() {
    let mut world = World::new();
    let first = world.start("idp").await;
    for number in 0..100 {
        world.browser.jar.plant(&format!("{STATE}.{number:016x}"), "x");
    }
    for _ in 0..20 {
        let last = world.start("idp").await;
        let answer = world.browser.get(&last).await;
        assert_eq!(answer.location(), format!("{ORIGIN}/next"));
    }
    assert_eq!(world.browser.get(&first).await.location(), format!("{ORIGIN}/next"));
    assert!(world.browser.jar.names().iter().filter(|name| **name == STATE).count() <= 5);
}

/// Sealed as next-auth 4.24.15 does.
fn of_node(name: &str, value: &str, provider: &str) -> String {
    let claims = json!({ "value": value, "provider": provider, "iat": NOW, "exp": NOW + 900,
        "jti": "7f1f6d5f-0000-4000-8000-000000000000" });
    seal(&claims, SECRET, name)
}

/// The values behind an attempt's cookies.
fn values(world: &World) -> Vec<(&'static str, String)> {
    let value = |name| {
        let sealed = world.browser.jar.value(name).unwrap();
        super::support::open(sealed, SECRET, name)["value"].as_str().unwrap().to_owned()
    };
    CHECKS.into_iter().map(|name| (name, value(name))).collect()
}

#[tokio::test]
async fn r186_a_sign_in_begun_at_a_node_server_ends_here() {
    let mut world = World::new();
    let back = world.start("idp").await;
    let begun = values(&world);
    for name in CHECKS {
        world.browser.jar.remove(name);
    }
    for (name, value) in &begun {
        world.browser.jar.plant(name, &of_node(name, value, "idp"));
    }
    // Another attempt, begun here, goes its own way and leaves Node's alone.
    let here = world.start("idp").await;
    assert_eq!(world.browser.get(&here).await.location(), format!("{ORIGIN}/next"));
    let wrong = with_parameter(&back, "state", &["wrong"]);
    world.browser.get(&wrong).await;
    assert_eq!(world.browser.jar.whole_names().iter().filter(|n| CHECKS.contains(n)).count(), 3);
    let answer = world.browser.get(&back).await;
    assert_eq!(answer.location(), format!("{ORIGIN}/next"));
    let deleted: Vec<_> = answer.cookies.iter().filter(|cookie| cookie.is_deletion()).collect();
    assert_eq!(deleted.iter().map(|cookie| &*cookie.name).collect::<Vec<_>>(), CHECKS);
}

#[tokio::test]
async fn r186_cookies_of_two_attempts_are_never_mixed() {
    for mixed in CHECKS {
        let mut world = World::new();
        world.start("idp").await;
        let other = world.browser.jar.value(mixed).unwrap().to_owned();
        let back = world.start("idp").await;
        world.browser.jar.plant(mixed, &other);
        assert_eq!(world.browser.get(&back).await.outline()[0], error("OAuthCallback"), "{mixed}");
        assert!(world.idp.requests().is_empty(), "{mixed}");
    }
}

#[tokio::test]
async fn r186_providers_without_a_state_have_one_attempt() {
    let clock = FrozenClock::at(NOW);
    let idp = IdentityProvider::new(&clock);
    let provider = idp.oidc().checks([Check::Pkce, Check::Nonce]);
    let auth = site!(clock).provider(provider).http_client(client_of(&[&idp])).build().unwrap();
    let mut browser = Browser::new(&auth, &clock);
    let back = idp.authorize(browser.post("/api/auth/signin/idp", &[]).await.location());
    let whole = browser.jar.whole_names();
    assert!(whole.contains(&PKCE) && whole.contains(&NONCE), "{whole:?}");
    let answer = browser.get(&back).await;
    assert_eq!(
        answer.outline(),
        [&format!("302 {ORIGIN}"), "-pkce.code_verifier", "-nonce", "session-token"]
    );
    // Once more, signed in.
    assert_eq!(browser.get(&back).await.outline(), [format!("302 {ORIGIN}")]);
}

/// The cookies of a browser, and what the database holds.
fn state_of(world: &World) -> Vec<String> {
    let mut names: Vec<String> =
        world.browser.cookie_header().split("; ").map(ToOwned::to_owned).collect();
    names.sort();
    names
}

#[tokio::test]
async fn r186_a_callback_that_comes_again_goes_on_for_whoever_is_signed_in() {
    for rows in [false, true] {
        let database = Database::default();
        let mut world = if rows {
            world!(site => site.adapter(database.clone()).build().unwrap())
        } else {
            World::new()
        };
        let back = world.start("idp").await;
        assert_eq!(world.browser.get(&back).await.location(), format!("{ORIGIN}/next"));
        let (before, session) = (state_of(&world), world.browser.session().await);
        for more in ["", "&x=y"] {
            world.idp.requests();
            let answer = world.browser.get(&format!("{back}{more}")).await;
            assert_eq!(answer.outline(), [format!("302 {ORIGIN}/next")]);
            assert!(world.idp.requests().is_empty());
            assert!(world.lines.take().is_empty());
        }
        if rows {
            assert_eq!(state_of(&world), before);
        }
        assert_eq!(world.browser.session().await["user"], session["user"]);
        // A foreign link does no more than a link to the callback URL would.
        let foreign =
            format!("{BASE}/callback/idp?code=c&state=s&callbackUrl=https://evil.example");
        assert_eq!(world.browser.get(&foreign).await.location(), ORIGIN);
        // What is no answer to an authorization request is refused as ever.
        for broken in [
            "code=c",
            "state=s",
            "code=&state=s",
            "code=c&state=",
            "code=c&code=c&state=s",
            "error=access_denied&state=s",
            "error=access_denied&code=c&state=s",
        ] {
            let answer = world.browser.get(&format!("{BASE}/callback/idp?{broken}")).await;
            assert!(answer.location().starts_with(&format!("{BASE}/error?")), "{broken}");
        }
    }
}

#[tokio::test]
async fn r186_a_callback_that_comes_again_is_an_error_for_everybody_else() {
    let mut world = World::new();
    let back = world.start("idp").await;
    world.browser.get(&back).await;
    let kept = world.browser.jar.value(SESSION).unwrap().to_owned();
    for session in [
        None,
        Some("x".to_owned()),
        Some(seal(&json!({ "sub": "1", "exp": NOW - 60 }), SECRET, "")),
        Some(of_node("", "v", "idp")),
        Some(format!("{kept}x")),
    ] {
        world.browser.jar.remove(SESSION);
        if let Some(session) = &session {
            world.browser.jar.plant(SESSION, session);
        }
        let answer = world.browser.get(&back).await;
        assert_eq!(answer.outline()[0], error("OAuthCallback"), "{session:?}");
    }
    world.browser.jar.plant(SESSION, &kept);
    world.clock.advance(31 * 86400);
    assert_eq!(world.browser.get(&back).await.outline()[0], error("OAuthCallback"));
}

#[tokio::test]
async fn r186_an_attempt_under_way_is_not_cut_short_by_a_session() {
    let database = Database::default();
    let mut world = world!(site => site.adapter(database.clone()).build().unwrap());
    world.sign_in("idp").await;
    // Linking: the session goes on, and the provider is asked.
    let back = world.start("github").await;
    let answer = world.browser.get(&back).await;
    assert_eq!(answer.location(), format!("{ORIGIN}/next"));
    assert!(!world.github.requests().is_empty());
    // One that ran into an error is told so, and is not told that all is well.
    let back = world.start("github").await;
    world.github.break_endpoint("/login/oauth/access_token", 500, "{}");
    let answer = world.browser.get(&back).await;
    assert_eq!(answer.outline()[0], error("OAuthCallback"));
}

/// A sequence that is the same in every run (xorshift).
fn sequence(mut state: u64) -> impl FnMut(usize) -> usize {
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    }
}

/// Tabs begin, end, end twice and go wrong in any order: each attempt that is among the last five
/// under way ends well, once.
#[tokio::test]
async fn r186_attempts_in_any_order_end_as_if_they_were_alone() {
    let mut random = sequence(0x0018_6186);
    for _ in 0..12 {
        let mut world = World::new();
        let (mut open, mut done): (Vec<(String, &str)>, Vec<String>) = (Vec::new(), Vec::new());
        for _ in 0..24 {
            match random(6) {
                0..=2 => {
                    let id = ["idp", "github"][random(2)];
                    open.push((world.start(id).await, id));
                    world.clock.advance(1);
                    if open.len() > 5 {
                        open.remove(0);
                    }
                }
                3 | 4 if !open.is_empty() => {
                    let (back, _) = open.remove(random(open.len()));
                    let answer = world.browser.get(&back).await;
                    assert_eq!(answer.location(), format!("{ORIGIN}/next"));
                    done.push(back);
                }
                _ => {
                    let wrong = match done.get(random(done.len() + 1)) {
                        Some(done) => done.clone(),
                        None => format!("{BASE}/callback/idp?code=c&state={}", random(9)),
                    };
                    let is_signed_in = world.browser.jar.value(SESSION).is_some();
                    let answer = world.browser.get(&wrong).await;
                    let is_error = answer.outline()[0] == error("OAuthCallback");
                    assert_eq!(is_error, !is_signed_in, "{wrong}");
                }
            }
            let names = world.browser.jar.whole_names();
            let names: Vec<&str> =
                names.into_iter().filter(|name| without_attempt(name) == STATE).collect();
            assert_eq!(names.len(), open.len(), "{names:?}");
        }
        let session: Value = world.browser.session().await;
        assert_eq!(session != json!({}), !done.is_empty());
    }
}
