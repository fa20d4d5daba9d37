//! The callback URL: where the browser may be sent, whoever asks.

use serde_json::json;
use url::Url;

use super::support::{BASE, ORIGIN, World, credentials, world};

const COOKIE: &str = "next-auth.callback-url";

fn start() -> World {
    world!(site => site.provider(credentials()).build().unwrap())
}

fn encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

/// Where a sign-in leads that carries this callback URL in the query, a form, JSON and a cookie.
async fn by_all_carriers(target: &str) -> [String; 4] {
    let path = "/api/auth/callback/credentials";
    let login = [("username", "ada"), ("password", "1815")];
    let mut places = Vec::new();
    for carrier in 0..4 {
        let mut world = start();
        let token = world.browser.csrf_token().await;
        let mut fields = login.to_vec();
        fields.push(("csrfToken", &token));
        let answer = match carrier {
            0 => {
                let path = format!("{path}?callbackUrl={}", encode(target));
                world.browser.submit(&path, &fields).await
            }
            1 => {
                fields.push(("callbackUrl", target));
                world.browser.submit(path, &fields).await
            }
            2 => {
                let body = json!({
                    "username": "ada", "password": "1815", "csrfToken": token,
                    "callbackUrl": target,
                });
                world.browser.post_json(path, &body).await
            }
            _ => {
                world.browser.jar.plant(COOKIE, &encode(target));
                world.browser.submit(path, &fields).await
            }
        };
        // A query with a value that is no http or https URL stops everything, as in v4.
        let is_refused = answer.status() == 500;
        let place = if is_refused { "refused".into() } else { answer.location().to_owned() };
        if !is_refused {
            let url = Url::parse(&place).unwrap();
            assert_eq!(url.origin().ascii_serialization(), ORIGIN, "{target}");
            assert!(place == ORIGIN || place.starts_with(&format!("{ORIGIN}/")), "{place}");
        }
        places.push(place);
    }
    places.try_into().unwrap()
}

#[tokio::test]
async fn r128_the_browser_stays_on_this_site() {
    for target in [
        "https://evil.example/",
        "http://localhost:3000@evil.example/",
        "http://localhost:30000/",
        "https://localhost:3000/",
        "http://user:pw@localhost:3000/",
        "http:\\\\evil.example",
        "http:evil.example",
        "HTTP://evil.example",
        "http://127.0.0.1:3000/",
        "http://localhost.:3000/",
    ] {
        assert_eq!(by_all_carriers(target).await, [ORIGIN; 4], "{target}");
    }
    for (target, path) in [
        ("/", "/"),
        ("/next?a=b#c", "/next?a=b#c"),
        ("//evil.example/x", "//evil.example/x"),
        ("///evil.example", "///evil.example"),
        ("/\\evil.example", "/%5Cevil.example"),
        ("http://localhost:3000/x", "/x"),
        ("http://localhost:3000", ""),
    ] {
        assert_eq!(by_all_carriers(target).await, [(); 4].map(|()| format!("{ORIGIN}{path}")));
    }
}

#[tokio::test]
async fn r129_only_http_and_https_survive() {
    for target in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "blob:http://localhost:3000/5d0f",
        "file:///etc/passwd",
        "view-source:http://localhost:3000/",
        "about:blank",
        "ftp://localhost:3000/",
        "mailto:a@b.co",
    ] {
        let [query, form, json, cookie] = by_all_carriers(target).await;
        assert_eq!(query, "refused", "{target}");
        assert_eq!([form, json, cookie], [ORIGIN; 3], "{target}");
    }
}

#[tokio::test]
async fn r130_a_location_is_written_as_every_parser_reads_it() {
    for (target, path) in [
        ("/a b", "/a%20b"),
        ("/\t/evil.example", "//evil.example"),
        ("/x\r\nSet-Cookie: a=b", "/xSet-Cookie:%20a=b"),
        ("/ünï?ö=ß#é", "/%C3%BCn%C3%AF?%C3%B6=%C3%9F#%C3%A9"),
        ("/\"<>", "/%22%3C%3E"),
        ("/%0d%0a", "/%0d%0a"),
    ] {
        let [query, form, json, cookie] = by_all_carriers(target).await;
        let expected = format!("{ORIGIN}{path}");
        assert_eq!([query, form, json, cookie], [(); 4].map(|()| expected.clone()));
    }
}

#[tokio::test]
async fn r131_text_that_is_no_url_hangs_nothing() {
    let long = "x".repeat(3000);
    let odd_port = "https://localhost:3000.evil.example/";
    for target in
        [odd_port, "foo", "a/b", "?x=1", "http://", "http://[::1", "\u{0}", "..", "#", &long]
    {
        let [query, form, json, cookie] = by_all_carriers(target).await;
        assert_eq!(query, "refused", "{target:.20}");
        assert_eq!([form, json, cookie], [ORIGIN; 3], "{target:.20}");
    }
    let mut world = start();
    let token = world.browser.csrf_token().await;
    let endless = "x".repeat(1024 * 1024);
    for value in
        [json!(endless), json!(1), json!(true), json!(null), json!(["/a"]), json!({ "a": "/a" })]
    {
        let body = json!({
            "username": "ada", "password": "1815", "csrfToken": token, "callbackUrl": value,
        });
        let path = "/api/auth/callback/credentials";
        assert_eq!(world.browser.post_json(path, &body).await.location(), ORIGIN, "{value:.40}");
    }
}

/// A router such as Next.js's fetches the pages behind visible links, and ends at the sign-in page.
#[tokio::test]
async fn a_page_that_is_fetched_ahead_does_not_change_where_a_sign_in_leads() {
    let ahead = [
        ("sec-fetch-mode", "cors"),
        ("sec-fetch-mode", "same-origin"),
        ("sec-purpose", "prefetch"),
        ("purpose", "prefetch"),
    ];
    for (name, value) in ahead {
        let mut world = start();
        let header = (name.parse().unwrap(), value.parse().unwrap());
        world.browser.headers = vec![header.clone()];
        world.browser.get("/api/auth/signin?callbackUrl=/ahead").await;
        assert_eq!(world.browser.jar.value(COOKIE), None, "{name}: {value}");

        world.browser.headers.clear();
        world.browser.get("/api/auth/signin?callbackUrl=/wanted").await;
        let token = world.browser.csrf_token().await;
        world.browser.headers = vec![header.clone()];
        let page = world.browser.get("/api/auth/signin?callbackUrl=/ahead").await;
        assert!(page.text().contains(&format!("value=\"{ORIGIN}/ahead\"")));
        world.browser.headers.clear();
        let login = [("username", "ada"), ("password", "1815"), ("csrfToken", &*token)];
        let answer = world.browser.submit("/api/auth/callback/credentials", &login).await;
        assert_eq!(answer.location(), format!("{ORIGIN}/wanted"), "{name}: {value}");

        // What a script posts is asked for, and a page that is looked at, too.
        world.browser.headers = vec![header];
        let form = [("csrfToken", &*token), ("callbackUrl", "/posted"), ("json", "true")];
        world.browser.submit("/api/auth/signin/nobody", &form).await;
        let posted = encode(&format!("{ORIGIN}/posted"));
        assert_eq!(world.browser.jar.value(COOKIE), Some(&*posted), "{name}: {value}");
    }
    // What is shown as it was fetched.
    let seen: [&[(&str, &str)]; 4] = [
        &[("sec-fetch-mode", "navigate")],
        &[("sec-fetch-mode", "navigate"), ("sec-purpose", "prefetch;prerender")],
        &[("sec-fetch-mode", "cors"), ("hx-request", "true")],
        &[("sec-fetch-mode", "same-origin"), ("x-turbo-request-id", "1")],
    ];
    for headers in seen {
        let mut world = start();
        let headers =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        world.browser.headers = headers.collect();
        world.browser.get("/api/auth/signin?callbackUrl=/seen").await;
        let seen = encode(&format!("{ORIGIN}/seen"));
        assert_eq!(world.browser.jar.value(COOKIE), Some(&*seen), "{:?}", world.browser.headers);
    }
}

#[tokio::test]
async fn r151_a_repeated_callback_url_is_not_chosen_from() {
    let mut world = start();
    world.browser.get("/api/auth/csrf?callbackUrl=/before").await;
    let token = world.browser.csrf_token().await;
    let fields = [
        ("username", "ada"),
        ("password", "1815"),
        ("csrfToken", &*token),
        ("callbackUrl", "/a"),
        ("callbackUrl", "/b"),
    ];
    let answer = world.browser.submit("/api/auth/callback/credentials", &fields).await;
    assert_eq!(answer.location(), ORIGIN);
    world.browser.get("/api/auth/csrf?callbackUrl=/before").await;
    let answer = world.browser.get("/api/auth/csrf?callbackUrl=/a&callbackUrl=/b").await;
    assert_eq!(answer.outline()[1..], ["callback-url"]);
    assert_eq!(world.browser.jar.value(COOKIE), Some("http%3A%2F%2Flocalhost%3A3000"));
}

#[tokio::test]
async fn the_body_counts_before_the_query_and_both_before_the_cookie() {
    let mut world = start();
    let path = "/api/auth/signout?callbackUrl=%2Fquery";
    let answer = world.browser.post(path, &[("callbackUrl", "/body")]).await;
    assert_eq!(answer.outline(), [&format!("302 {ORIGIN}/body"), "callback-url"]);
    assert_eq!(world.browser.jar.value(COOKIE), Some("http%3A%2F%2Flocalhost%3A3000%2Fbody"));
    // An empty field of the body hides the query; then the cookie counts.
    let answer = world.browser.post(path, &[("callbackUrl", "")]).await;
    assert_eq!(answer.outline(), [format!("302 {ORIGIN}/body")]);
    let answer = world.browser.post(path, &[]).await;
    assert_eq!(answer.outline(), [&format!("302 {ORIGIN}/query"), "callback-url"]);
    let answer = world.browser.post("/api/auth/signout", &[]).await;
    assert_eq!(answer.outline(), [format!("302 {ORIGIN}/query")]);
}

#[tokio::test]
async fn r120_a_tampered_cookie_locks_nobody_out() {
    for value in ["foo", "javascript%3Aalert(1)", "%E0%A4%A", "", "https%3A%2F%2Fevil.example"] {
        for path in ["session", "csrf", "signin", "signout", "error", "verify-request"] {
            let mut world = start();
            world.browser.jar.plant(COOKIE, value);
            let path = format!("/api/auth/{path}");
            let answer = world.browser.get(&path).await;
            assert_eq!(answer.status(), 200, "{value} {path}");
            let cookie = answer.cookie(COOKIE).unwrap();
            assert_eq!(cookie.value, "http%3A%2F%2Flocalhost%3A3000", "{value} {path}");
            let again = world.browser.get(&path).await;
            assert!(again.cookie(COOKIE).is_none());
        }
    }
}

#[tokio::test]
async fn a_bad_query_is_a_configuration_error_as_in_v4() {
    let mut world = start();
    for path in ["csrf", "session", "callback/idp"] {
        let answer = world.browser.get(&format!("/api/auth/{path}?callbackUrl=junk")).await;
        let message = "There is a problem with the server configuration. Check the server logs \
                       for more information.";
        assert_eq!(answer.status(), 500, "{path}");
        assert_eq!(answer.json(), json!({ "message": message }));
        assert!(answer.cookies.is_empty());
        assert_eq!(world.lines.codes(), ["INVALID_CALLBACK_URL_ERROR"]);
    }
    for path in ["signin", "signout", "error", "verify-request"] {
        let answer = world.browser.get(&format!("{BASE}/{path}?callbackUrl=junk")).await;
        assert_eq!(answer.outline(), ["500 page Error"], "{path}");
        assert!(answer.text().contains("There is a problem with the server configuration."));
    }
    // `providers` decides nothing and answers.
    let answer = world.browser.get("/api/auth/providers?callbackUrl=junk").await;
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn r115_an_address_too_long_for_a_cookie_is_used_at_once_and_not_kept() {
    let mut world = start();
    world.browser.get("/api/auth/csrf?callbackUrl=/before").await;
    let fitting = format!("/{}", "x".repeat(3880));
    // Encoded, it is three times as long.
    let long = format!("/{}", "/".repeat(1400));
    for (target, kept) in [(&*fitting, true), (&*long, false), (&*"/x".repeat(9000), false)] {
        let fields = [("username", "ada"), ("password", "1815"), ("callbackUrl", target)];
        let answer = world.browser.post("/api/auth/callback/credentials", &fields).await;
        assert_eq!(answer.location(), format!("{ORIGIN}{target}"));
        let cookie = world.browser.jar.value(COOKIE).unwrap();
        assert_eq!(cookie == "http%3A%2F%2Flocalhost%3A3000", !kept);
    }
}
