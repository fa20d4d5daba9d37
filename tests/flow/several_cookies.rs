//! Repeated cookies: requests with more than one cookie of a name, or with pieces that do not
//! belong together.

use bytes::Bytes;
use http::header::COOKIE;
use http::{HeaderMap, Request};
use serde_json::{Value, json};
use typegate::adapter::SessionStore as _;
use typegate::cookie::{CookieName, CookiePolicy, Cookies};
use typegate::testing::FrozenClock;
use typegate::{Auth, Jwt, Secret, SessionToken};

use super::support::{
    Answer, BASE, Database, NOW, Operation, SECRET, Sequence, World, credentials, seal, world,
};

const NAME: &str = "next-auth.session-token";
/// Characters of a full chunk.
const FULL: usize = 3933;

fn start() -> World {
    world!(site => site.provider(credentials()).build().unwrap())
}

fn sealed(claims: &Value) -> String {
    let mut all = json!({ "name": "Ada", "sub": "1", "iat": NOW, "exp": NOW + 3600 });
    for (name, value) in claims.as_object().unwrap() {
        all[name] = value.clone();
    }
    seal(&all, SECRET, "")
}

/// A session in chunks, and its name.
fn chunked(mark: char, length: usize) -> (Vec<(String, String)>, String) {
    let name = mark.to_string().repeat(length);
    let token = sealed(&json!({ "name": name }));
    let chunks = token.as_bytes().chunks(FULL).enumerate().map(|(index, chunk)| {
        (format!("{NAME}.{index}"), String::from_utf8(chunk.to_vec()).unwrap())
    });
    (chunks.collect(), name)
}

fn send(world: &mut World, pairs: &[(String, String)]) {
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    world.browser.headers = vec![(COOKIE, pairs.join("; ").parse().unwrap())];
}

fn whole(token: &str) -> (String, String) {
    (NAME.to_owned(), token.to_owned())
}

fn stray(index: u32, length: usize) -> (String, String) {
    (format!("{NAME}.{index}"), "x".repeat(length))
}

/// Everything but the CSRF and callback-URL cookies that a first request gets.
fn session_lines(outline: &[String]) -> Vec<&str> {
    let lines = outline[1..].iter().map(String::as_str);
    lines.filter(|line| line.contains("session-token")).collect()
}

#[tokio::test]
async fn r185_the_whole_cookie_wins_over_chunks() {
    for length in [1, FULL - 1, FULL, FULL + 3] {
        let mut world = start();
        let good = whole(&sealed(&json!({})));
        send(&mut world, &[stray(0, length), good.clone(), stray(1, length)]);
        let answer = world.browser.get("/api/auth/session").await;
        assert_eq!(answer.json()["user"]["name"], "Ada", "{length}");
        let lines = answer.outline();
        let expected = ["-session-token.0", "session-token", "-session-token.1"];
        assert_eq!(session_lines(&lines), expected, "{length}");
    }
}

#[tokio::test]
async fn r185_the_whole_cookie_wins_over_chunks_where_sessions_are_rows() {
    let database = Database::default();
    let mut world = world!(site => {
        site.adapter(database.clone()).session(typegate::Database::default()).build().unwrap()
    });
    world.sign_in("idp").await;
    let token = world.browser.jar.value(NAME).unwrap().to_owned();
    send(&mut world, &[stray(0, FULL)]);
    let answer = world.browser.get("/api/auth/session").await;
    assert_eq!(answer.json()["user"]["name"], "Jane Doe");
    assert_eq!(session_lines(&answer.outline()), ["session-token", "-session-token.0"]);
    assert_eq!(answer.cookie(NAME).unwrap().value, token);
}

#[tokio::test]
async fn r185_the_first_that_opens_counts() {
    let good = whole(&sealed(&json!({})));
    let expired = whole(&sealed(&json!({ "exp": NOW - 16 })));
    let foreign = whole(&seal(&json!({ "exp": NOW + 9 }), "another secret, long enough too", ""));
    let bad = whole("bad");
    for stale in [&expired, &foreign, &bad] {
        let mut world = start();
        send(&mut world, &[(*stale).clone(), good.clone()]);
        assert_eq!(world.browser.session().await["user"]["name"], "Ada");
        let headers = HeaderMap::from_iter(world.browser.headers.clone());
        assert_eq!(world.auth.claims(&headers).unwrap().subject(), Some("1"));
        assert!(world.auth.session(&headers).await.unwrap().is_some());
    }
    // One for each path that a host beside this one can set in front of ours.
    let mut world = start();
    let mut pairs = vec![bad.clone(); 6];
    pairs.push(good.clone());
    send(&mut world, &pairs);
    assert_eq!(world.browser.session().await["user"]["name"], "Ada");
    // Of two good ones the first.
    let other = whole(&sealed(&json!({ "name": "Eve" })));
    send(&mut world, &[good, other]);
    assert_eq!(world.browser.session().await["user"]["name"], "Ada");
}

#[tokio::test]
async fn r185_the_first_row_that_has_not_ended_counts() {
    let database = Database::default();
    let mut world = world!(site => {
        site.adapter(database.clone()).session(typegate::Database::default()).build().unwrap()
    });
    world.sign_in("idp").await;
    let good = whole(world.browser.jar.value(NAME).unwrap());
    world.browser.jar.remove(NAME);
    database.asked();
    send(&mut world, &[whole("gone"), good.clone()]);
    let answer = world.browser.get("/api/auth/session").await;
    assert_eq!(answer.json()["user"]["name"], "Jane Doe");
    // What was found goes out again, in the place of the stale one.
    assert_eq!(answer.cookie(NAME).unwrap().value, good.1);
    assert_eq!(database.asked(), [Operation::SessionAndUser; 2]);

    // However many a request brings, the database is not kept busy by it.
    let many: Vec<_> = (0..500).map(|index| whole(&format!("stray-{index}"))).collect();
    world.browser.jar.remove(NAME);
    send(&mut world, &many);
    assert_eq!(world.browser.session().await, json!({}));
    assert_eq!(database.asked(), [Operation::SessionAndUser; 8]);

    // A sign-out ends the session, wherever in the request it stands.
    world.browser.jar.remove(NAME);
    send(&mut world, &[whole("gone"), good.clone()]);
    world.browser.post("/api/auth/signout", &[]).await;
    let token = SessionToken::new(good.1);
    assert!(database.rows.session_and_user(&token).await.unwrap().is_none());
}

#[tokio::test]
async fn r185_chunks_with_a_gap_are_cleared() {
    let (chunks, _) = chunked('n', 9000);
    assert_eq!(chunks.len(), 4);
    for missing in 0..3 {
        let mut world = start();
        let mut kept = chunks.clone();
        kept.remove(missing);
        for (name, value) in &kept {
            world.browser.jar.plant(name, value);
        }
        let answer = world.browser.get("/api/auth/session").await;
        assert_eq!(answer.json(), json!({}), "{missing}");
        let deleted = kept.iter().map(|(name, _)| name.replace("next-auth.", "-"));
        assert_eq!(session_lines(&answer.outline()), deleted.collect::<Vec<_>>(), "{missing}");
        assert!(!world.browser.jar.names().iter().any(|name| name.contains("session")));
    }
}

#[tokio::test]
async fn r185_a_chunk_too_many_is_deleted_and_costs_nothing() {
    let (chunks, name) = chunked('n', 5 * 1024);
    for (before, after) in [
        (vec![], vec![stray(2, FULL)]),
        (vec![stray(7, 10)], vec![]),
        ((40..90).map(|index| stray(index, 10)).collect(), vec![]),
        // The same index twice, ours first or last.
        (vec![stray(0, FULL)], vec![]),
        (vec![stray(0, FULL), stray(0, 9), stray(1, 9)], vec![]),
        (vec![], vec![stray(0, FULL), stray(1, FULL)]),
        (vec![whole("stale")], vec![]),
    ] {
        let mut world = start();
        send(&mut world, &[before.clone(), chunks.clone(), after].concat());
        let answer = world.browser.get("/api/auth/session").await;
        assert_eq!(answer.json()["user"]["name"], name, "{:?}", before.first());
        let lines = answer.outline();
        let lines = session_lines(&lines);
        assert!(lines.contains(&"session-token.0") && lines.contains(&"session-token.1"));
        assert!(lines.len() <= 33, "{lines:?}");
    }
}

#[tokio::test]
async fn r185_a_flood_of_chunks_keeps_nobody_signed_in() {
    let mut world = start();
    let flood: Vec<_> = (1000..2000).map(|index| stray(index, 1)).collect();
    world.browser.sign_in_with_credentials().await;
    let ours = whole(world.browser.jar.value(NAME).unwrap());
    world.browser.jar.remove(NAME);
    send(&mut world, &[flood, vec![ours]].concat());
    let answer = world.browser.post("/api/auth/signout", &[]).await;
    assert!(answer.cookie(NAME).unwrap().is_deletion());
}

#[tokio::test]
async fn r185_the_first_csrf_token_and_callback_url_that_are_good_count() {
    let mut world = start();
    world.browser.sign_in_with_credentials().await;
    world.browser.get("/api/auth/signin?callbackUrl=/kept").await;
    let token = world.browser.csrf_token().await;
    let line = world.browser.cookie_header();
    let stale = "next-auth.csrf-token=a%7Cb; next-auth.callback-url=junk";
    world.browser.jar = super::support::Jar::default();
    world.browser.headers = vec![(COOKIE, format!("{stale}; {line}").parse().unwrap())];
    let answer = world.browser.submit("/api/auth/signout", &[("csrfToken", &token)]).await;
    assert_eq!(answer.location(), "http://localhost:3000/kept");
    assert_eq!(answer.outline()[1..], ["-session-token"]);
    let wrong = world.browser.submit("/api/auth/signout", &[("csrfToken", "a")]).await;
    assert_eq!(wrong.location(), format!("{BASE}/signout?csrf=true"));
}

#[tokio::test]
async fn r185_both_cookies_of_a_site_that_moves_are_tried() {
    let mut world = world!(site => {
        let jwt = Jwt::default().issue_auth_js_v5();
        site.provider(credentials()).session(jwt).build().unwrap()
    });
    world.browser.sign_in_with_credentials().await;
    let v5 = world.browser.jar.value("authjs.session-token").unwrap().to_owned();
    world.browser.jar.remove("authjs.session-token");
    let v4 = whole(&sealed(&json!({})));
    let new = |token: &str| ("authjs.session-token".to_owned(), token.to_owned());
    for (pairs, expected) in [
        (vec![whole("bad"), new("bad"), new(&v5)], "Ada Lovelace"),
        (vec![whole("bad"), v4.clone(), new("bad")], "Ada"),
        (vec![v4.clone(), new(&v5)], "Ada Lovelace"),
        (vec![("authjs.session-token.0".to_owned(), "x".repeat(3936)), v4.clone()], "Ada"),
    ] {
        send(&mut world, &pairs);
        world.browser.jar.remove("authjs.session-token");
        assert_eq!(world.browser.session().await["user"]["name"], expected, "{pairs:?}");
    }
}

/// Ours among strays of every kind: at most six of a name in front, as many as a stranger can set.
#[tokio::test]
async fn r185_our_session_is_found_among_any_others() {
    let mut random = Sequence::new();
    let short = vec![whole(&sealed(&json!({})))];
    let long = chunked('n', 9000).0;
    for round in 0..300 {
        let mut world = start();
        let ours = if round % 2 == 0 { &short } else { &long };
        let strays = |random: &mut Sequence| -> Vec<_> {
            let count = random.below(7);
            let lengths = [0, 1, 50, FULL, FULL + 3];
            let one = |random: &mut Sequence| {
                let length = lengths[random.below(lengths.len())];
                match random.below(3) {
                    0 => whole(&"y".repeat(length)),
                    _ => stray(u32::try_from(random.below(40)).unwrap(), length),
                }
            };
            (0..count).map(|_| one(random)).collect()
        };
        let (before, after) = (strays(&mut random), strays(&mut random));
        // Chunks of the same index on both sides of ours are no set that anything wrote.
        let is_clear = |(name, _): &(String, String)| !before.iter().any(|(n, _)| n == name);
        let after: Vec<_> = after.into_iter().filter(is_clear).collect();
        let after = if before.iter().any(|(name, _)| name != NAME) { Vec::new() } else { after };
        send(&mut world, &[before.clone(), ours.clone(), after.clone()].concat());
        let shown = world.browser.session().await;
        assert!(shown["user"]["name"].is_string(), "{round} {}", world.browser.headers.len());
    }
}

/// A cookie for the whole domain is left from a time when the site set such ones. Ours is deleted by
/// a sign-out, and then that one would be the session.
#[tokio::test]
async fn r185_a_sign_out_leaves_no_cookie_of_another_domain() {
    let name = "__Secure-next-auth.session-token";
    let token = |name: &str| sealed(&json!({ "name": name }));
    for (cookies, domains) in [
        (
            Cookies::new(),
            [None, Some("a.app.example.co.uk"), Some("app.example.co.uk"), Some("example.co.uk")],
        ),
        (
            Cookies::new().session_token(
                CookiePolicy::new(CookieName::new(name).unwrap()).domain("example.co.uk"),
            ),
            [Some("example.co.uk"), None, Some("a.app.example.co.uk"), Some("app.example.co.uk")],
        ),
    ] {
        let auth: Auth = Auth::builder()
            .secret(Secret::new(SECRET).unwrap())
            .url("https://a.app.example.co.uk".parse().unwrap())
            .clock(FrozenClock::at(NOW))
            .provider(credentials())
            .session(Jwt::default())
            .cookies(cookies)
            .build()
            .unwrap();
        let csrf = Request::get("/api/auth/csrf").body(Bytes::new()).unwrap();
        let csrf = Answer::new(auth.handle(csrf).await);
        let form = format!("csrfToken={}", csrf.json()["csrfToken"].as_str().unwrap());
        let csrf = format!("{}={}", csrf.cookies[0].name, csrf.cookies[0].value);
        let sign_out = async |sessions: &[String]| {
            let sessions: String =
                sessions.iter().map(|token| format!("; {name}={token}")).collect();
            let request = Request::post("/api/auth/signout")
                .header(COOKIE, format!("{csrf}{sessions}"))
                .header("content-type", "application/x-www-form-urlencoded")
                .body(Bytes::from(form.clone()))
                .unwrap();
            let response = auth.handle(request).await;
            let lines = response.headers().get_all("set-cookie").iter();
            let lines = lines.map(|line| line.to_str().unwrap().to_owned());
            lines.filter(|line| line.starts_with(name)).collect::<Vec<_>>()
        };
        let deletions = |domains: &[Option<&str>]| {
            let line = |domain: &Option<&str>| {
                let domain = domain.map(|domain| format!("; Domain={domain}")).unwrap_or_default();
                format!("{name}=; Max-Age=0{domain}; Path=/; HttpOnly; Secure; SameSite=Lax")
            };
            domains.iter().map(line).collect::<Vec<_>>()
        };
        assert_eq!(sign_out(&[token("Ada")]).await, deletions(&domains[..1]));
        assert_eq!(sign_out(&[token("Ada"), token("Eve")]).await, deletions(&domains));
    }
}
