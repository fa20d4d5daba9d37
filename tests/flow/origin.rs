//! The site's origin: from the configuration, or from the headers of a trusted proxy.

use bytes::Bytes;
use http::Request;
use serde_json::Value;
use typegate::testing::FrozenClock;
use typegate::{Auth, ClientAddressSource, Secret, TrustedProxy};

use super::support::{
    Answer, BASE, IdentityProvider, NOW, SECRET, World, client_of, credentials, world,
};

fn behind_proxy() -> Auth {
    let clock = FrozenClock::at(NOW);
    let idp = IdentityProvider::new(&clock);
    Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .trust_proxy(TrustedProxy::new())
        .client_address(ClientAddressSource::forwarded_for(1))
        .clock(clock)
        .provider(idp.oidc())
        .http_client(client_of(&[&idp]))
        .build()
        .unwrap()
}

async fn get(auth: &Auth, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Answer::new(auth.handle(request.body(Bytes::new()).unwrap()).await)
}

fn callback_of(answer: &Answer) -> Value {
    answer.json()["idp"]["callbackUrl"].clone()
}

#[tokio::test]
async fn r135_a_configured_origin_always_wins() {
    let mut world = world!(site => site.provider(credentials()).build().unwrap());
    for (name, value) in [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-port", "666"),
        ("x-host", "evil.example"),
        ("forwarded", "for=1.2.3.4;host=evil.example;proto=https"),
        ("origin", "https://evil.example"),
        ("referer", "https://evil.example/"),
    ] {
        world.browser.headers.push((name.parse().unwrap(), value.parse().unwrap()));
    }
    for path in ["providers", "signin", "signout", "error", "verify-request", "session"] {
        for form in [format!("/api/auth/{path}"), format!("https://evil.example/api/auth/{path}")] {
            let answer = world.browser.get(&form).await;
            assert!(!answer.text().contains("evil.example"), "{form}");
            assert!(!format!("{:?}", answer.cookies).contains("evil"), "{form}");
        }
    }
    let answer = world.browser.sign_in_with_credentials().await;
    assert_eq!(answer.location(), "http://localhost:3000");
    let answer = world.browser.submit("/api/auth/signout", &[]).await;
    assert_eq!(answer.location(), format!("{BASE}/signout?csrf=true"));
    assert_eq!(world.browser.session().await["user"]["name"], "Ada Lovelace");
}

#[tokio::test]
async fn r136_forwarded_headers_need_trust() {
    // Trust is a call in the builder; there is no variable that could hold `false`.
    let world = World::new();
    let forwarded = [("x-forwarded-host", "app.example.com"), ("x-forwarded-proto", "https")];
    let answer = get(&world.auth, "/api/auth/providers", &forwarded).await;
    assert_eq!(callback_of(&answer), format!("{BASE}/callback/idp"));
    let answer = get(&behind_proxy(), "/api/auth/providers", &forwarded).await;
    assert_eq!(callback_of(&answer), "https://app.example.com/api/auth/callback/idp");
}

#[tokio::test]
async fn a_proxys_scheme_decides_about_prefixes() {
    let auth = behind_proxy();
    for (proto, base, prefix) in [
        (Some("https"), "https://app.example.com:8443", "__Host-"),
        (Some("http"), "http://app.example.com:8443", ""),
        // v4 does: everything but exactly `http` is https.
        (Some("HTTP"), "https://app.example.com:8443", "__Host-"),
        (Some("http,https"), "https://app.example.com:8443", "__Host-"),
        (Some("javascript"), "https://app.example.com:8443", "__Host-"),
        (None, "https://app.example.com:8443", "__Host-"),
    ] {
        let mut headers = vec![("x-forwarded-host", "app.example.com:8443")];
        headers.extend(proto.map(|proto| ("x-forwarded-proto", proto)));
        let answer = get(&auth, "/api/auth/providers", &headers).await;
        assert_eq!(callback_of(&answer), format!("{base}/api/auth/callback/idp"), "{proto:?}");
        let answer = get(&auth, "/api/auth/csrf", &headers).await;
        assert_eq!(answer.cookies[0].name, format!("{prefix}next-auth.csrf-token"));
    }
    let answer = get(&auth, "/api/auth/providers", &[("host", "plain.example")]).await;
    assert_eq!(callback_of(&answer), "https://plain.example/api/auth/callback/idp");
}

#[tokio::test]
async fn r137_a_forwarded_host_is_a_host_or_nothing() {
    let auth = behind_proxy();
    let long = "a".repeat(10 * 1024);
    for host in [
        "",
        "a,b",
        "a, b",
        "evil/x?",
        "a@b",
        "a:99999",
        "a:b",
        "[::1",
        "a b",
        "a\\b",
        "a#b",
        "a?b",
        "%61",
        "a%00",
        "https://a",
        "/a",
        "a:80:80",
        "[",
        "[::1]x",
        "<a>",
        "bücher.example",
        "..",
        ".",
        ".a",
        "a..b",
        &long,
    ] {
        for name in ["x-forwarded-host", "host"] {
            let mut request = Request::get("/api/auth/providers");
            request = request.header(name, http::HeaderValue::from_bytes(host.as_bytes()).unwrap());
            let answer = Answer::new(auth.handle(request.body(Bytes::new()).unwrap()).await);
            assert_eq!(answer.outline(), ["400 Bad Request"], "{host:.40}");
        }
    }
    let none = get(&auth, "/api/auth/providers", &[]).await;
    assert_eq!(none.outline(), ["400 Bad Request"]);
    for (host, origin) in [
        ("EXAMPLE.com", "https://example.com"),
        ("example.com:443", "https://example.com"),
        ("[::1]:3000", "https://[::1]:3000"),
        ("127.0.0.1", "https://127.0.0.1"),
    ] {
        let answer = get(&auth, "/api/auth/providers", &[("x-forwarded-host", host)]).await;
        assert_eq!(callback_of(&answer), format!("{origin}/api/auth/callback/idp"));
    }
}

/// A proxy that adds its own line to a visitor's leaves two, of which nobody knows which one is
/// whose.
#[tokio::test]
async fn r137_a_host_that_is_repeated_or_no_text_is_refused() {
    let auth = behind_proxy();
    let host = ("x-forwarded-host", &b"app.example.com"[..]);
    let proto = ("x-forwarded-proto", &b"https"[..]);
    for lines in [
        &[("x-forwarded-host", &b"evil.example"[..]), host, proto][..],
        &[host, ("x-forwarded-host", b"evil.example"), proto],
        &[host, host, proto],
        &[("x-forwarded-host", b""), ("host", b"app.example.com"), proto],
        &[("x-forwarded-host", b"\xff"), ("host", b"evil.example"), proto],
        &[("host", b"a.example"), ("host", b"b.example")],
    ] {
        let mut request = Request::get("/api/auth/providers");
        for (name, value) in lines {
            request = request.header(*name, http::HeaderValue::from_bytes(value).unwrap());
        }
        let answer = Answer::new(auth.handle(request.body(Bytes::new()).unwrap()).await);
        assert_eq!(answer.outline(), ["400 Bad Request"], "{lines:?}");
    }
    // Each proxy of a chain may have added its own.
    let lines = [host, ("x-forwarded-proto", b"http"), proto];
    let request =
        lines.iter().fold(Request::get("/api/auth/providers"), |request, (name, value)| {
            request.header(*name, http::HeaderValue::from_bytes(value).unwrap())
        });
    let answer = Answer::new(auth.handle(request.body(Bytes::new()).unwrap()).await);
    assert_eq!(callback_of(&answer), "https://app.example.com/api/auth/callback/idp");
}

#[tokio::test]
async fn r138_the_first_request_sets_nothing_for_the_next() {
    let auth = behind_proxy();
    let evil = [("x-forwarded-host", "evil.example"), ("x-forwarded-proto", "http")];
    for path in ["/api/auth/signin", "/api/auth/csrf", "/evil", "/api/auth/callback/idp"] {
        get(&auth, path, &evil).await;
    }
    let good = [("x-forwarded-host", "app.example.com"), ("x-forwarded-proto", "https")];
    let answer = get(&auth, "/api/auth/signin", &good).await;
    assert!(!answer.text().contains("evil"));
    assert_eq!(answer.cookies[0].name, "__Host-next-auth.csrf-token");
    assert_eq!(auth.base_path(), "/api/auth");
}

#[tokio::test]
async fn another_base_path_is_used_everywhere() {
    let clock = FrozenClock::at(NOW);
    let idp = IdentityProvider::new(&clock);
    let url = "https://example.com/app/auth/";
    let auth =
        super::support::site!(clock, url).provider(idp.oidc()).http_client(client_of(&[&idp]));
    let auth = auth.build().unwrap();
    assert_eq!(auth.base_path(), "/app/auth");
    let answer = get(&auth, "/app/auth/providers", &[]).await;
    assert_eq!(callback_of(&answer), "https://example.com/app/auth/callback/idp");
    assert_eq!(get(&auth, "/api/auth/providers", &[]).await.status(), 404);
    let answer = get(&auth, "/app/auth/error?error=Callback", &[]).await;
    assert_eq!(answer.location(), "https://example.com/app/auth/signin?error=Callback");
}
