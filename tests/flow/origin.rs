//! The site's origin: from the configuration, or from the headers of a trusted proxy.

use bytes::Bytes;
use http::Request;
use serde_json::Value;
use typegate::testing::FrozenClock;
use typegate::{Auth, ClientAddress, ClientAddressSource, Secret, SiteUrl, TrustedProxy};

use super::support::{
    Answer, BASE, IdentityProvider, NOW, SECRET, World, client_of, credentials, world,
};

/// Under which the site can be reached in these tests.
const HOSTS: [&str; 8] = [
    "app.example.com",
    "app.example.com:8443",
    "inner.example.com",
    "plain.example",
    "example.com",
    "[::1]:3000",
    "127.0.0.1",
    "*.tenants.example.com",
];

fn behind_proxy() -> Auth {
    behind(TrustedProxy::hosts(HOSTS))
}

fn behind(proxy: TrustedProxy) -> Auth {
    let clock = FrozenClock::at(NOW);
    let idp = IdentityProvider::new(&clock);
    Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .trust_proxy(proxy)
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
        (Some("HTTP"), "http://app.example.com:8443", ""),
        (Some(" http "), "http://app.example.com:8443", ""),
        // The last proxy's word.
        (Some("http,https"), "https://app.example.com:8443", "__Host-"),
        (Some("https, http"), "http://app.example.com:8443", ""),
        // v4 does: everything else is https.
        (Some(""), "https://app.example.com:8443", "__Host-"),
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
        "a,b",
        "a, b",
        "a.example",
        "app.example.com.",
        "app.example.com:80",
        "app.example.com, evil.example",
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
        ("a.tenants.example.com", "https://a.tenants.example.com"),
        ("[::1]:3000", "https://[::1]:3000"),
        ("127.0.0.1", "https://127.0.0.1"),
    ] {
        let answer = get(&auth, "/api/auth/providers", &[("x-forwarded-host", host)]).await;
        assert_eq!(callback_of(&answer), format!("{origin}/api/auth/callback/idp"));
    }
}

async fn providers_of(auth: &Auth, lines: &[(&str, &[u8])]) -> Answer {
    let mut request = Request::get("/api/auth/providers");
    for (name, value) in lines {
        request = request.header(*name, http::HeaderValue::from_bytes(value).unwrap());
    }
    Answer::new(auth.handle(request.body(Bytes::new()).unwrap()).await)
}

/// Several lines are one list (RFC 9110 section 5.3), to which each proxy appends.
#[tokio::test]
async fn r137_of_a_list_the_entry_counts_that_ones_own_proxies_wrote() {
    let one = behind_proxy();
    let two = behind(TrustedProxy::hosts(HOSTS).proxies(2));
    let host = ("x-forwarded-host", &b"app.example.com"[..]);
    let inner = ("x-forwarded-host", &b"inner.example.com"[..]);
    let evil = ("x-forwarded-host", &b"evil.example"[..]);
    let proto = ("x-forwarded-proto", &b"http"[..]);
    for (auth, lines, expected) in [
        (&one, &[host][..], Some("https://app.example.com")),
        (&one, &[host, proto], Some("http://app.example.com")),
        (&one, &[evil, host], Some("https://app.example.com")),
        (&one, &[host, evil], None),
        (&one, &[host, inner], Some("https://inner.example.com")),
        (
            &one,
            &[("x-forwarded-host", b"evil.example,\t app.example.com ")],
            Some("https://app.example.com"),
        ),
        (&one, &[("x-forwarded-host", b"\xff, app.example.com")], Some("https://app.example.com")),
        (&one, &[("x-forwarded-host", b"\xff"), ("host", b"app.example.com")], None),
        // What is empty is not there.
        (
            &one,
            &[("x-forwarded-host", b""), ("host", b"app.example.com")],
            Some("https://app.example.com"),
        ),
        (&one, &[("x-forwarded-host", b" , "), ("host", b"evil.example")], None),
        (&one, &[host, ("x-forwarded-host", b"")], Some("https://app.example.com")),
        // `Host` is no list.
        (&one, &[("host", b"a.example"), ("host", b"app.example.com")], None),
        (&one, &[("host", b"a.example, app.example.com")], None),
        (&two, &[host, inner], Some("https://app.example.com")),
        (&two, &[evil, host, inner], Some("https://app.example.com")),
        (&two, &[host, evil, inner], None),
        // Where only one of them appends, its word is the first.
        (&two, &[host], Some("https://app.example.com")),
        (
            &two,
            &[host, inner, ("x-forwarded-proto", b"http, https")],
            Some("http://app.example.com"),
        ),
        (&two, &[host, inner, ("x-forwarded-proto", b"https")], Some("https://app.example.com")),
        // The header of other proxies is what a visitor wrote.
        (
            &one,
            &[("forwarded", b"host=app.example.com"), ("host", b"plain.example")],
            Some("https://plain.example"),
        ),
    ] {
        let answer = providers_of(auth, lines).await;
        match expected {
            Some(origin) => {
                let expected = format!("{origin}/api/auth/callback/idp");
                assert_eq!(callback_of(&answer), expected, "{lines:?}");
            }
            None => assert_eq!(answer.outline(), ["400 Bad Request"], "{lines:?}"),
        }
    }
}

#[tokio::test]
async fn r136_a_proxy_may_write_the_standard_header() {
    let one = behind(TrustedProxy::hosts(HOSTS).forwarded());
    let two = behind(TrustedProxy::hosts(HOSTS).forwarded().proxies(2));
    let x = [("x-forwarded-host", &b"evil.example"[..]), ("x-forwarded-proto", b"http")];
    for (auth, line, expected) in [
        (&one, "for=1.2.3.4;host=app.example.com;proto=https", Some("https://app.example.com")),
        (&one, "host=\"app.example.com:8443\";proto=HTTP", Some("http://app.example.com:8443")),
        (&one, "host=evil.example, host=app.example.com", Some("https://app.example.com")),
        (&one, "host=app.example.com, host=evil.example", None),
        (&one, "host=app.example.com, for=\"", None),
        (&one, "for=1.2.3.4;proto=http", Some("http://plain.example")),
        (&one, "", Some("https://plain.example")),
        (
            &two,
            "host=app.example.com;proto=http, host=inner.example.com;proto=https",
            Some("http://app.example.com"),
        ),
        (
            &two,
            "host=evil.example, host=app.example.com, for=10.0.0.1",
            Some("https://app.example.com"),
        ),
    ] {
        let lines = [x[0], x[1], ("host", &b"plain.example"[..]), ("forwarded", line.as_bytes())];
        let answer = providers_of(auth, &lines).await;
        match expected {
            Some(origin) => {
                let expected = format!("{origin}/api/auth/callback/idp");
                assert_eq!(callback_of(&answer), expected, "{line}");
            }
            None => assert_eq!(answer.outline(), ["400 Bad Request"], "{line}"),
        }
    }
}

/// `:authority` of HTTP/2, and the absolute form of HTTP/1.1, beside which `Host` does not count.
#[tokio::test]
async fn r137_the_authority_of_a_request_is_its_host() {
    let auth = behind_proxy();
    let ask = async |target: &str, lines: &[(&str, &str)]| get(&auth, target, lines).await;
    let expected = "https://app.example.com/api/auth/callback/idp";
    let target = "https://app.example.com/api/auth/providers";
    assert_eq!(callback_of(&ask(target, &[]).await), expected);
    assert_eq!(callback_of(&ask(target, &[("host", "evil.example")]).await), expected);
    let told = [("x-forwarded-host", "app.example.com")];
    let inside = "http://10.0.0.7:3000/api/auth/providers";
    assert_eq!(callback_of(&ask(inside, &told).await), expected);
    for target in
        ["https://evil.example/api/auth/providers", "http://a@app.example.com/api/auth/providers"]
    {
        assert_eq!(ask(target, &[]).await.outline(), ["400 Bad Request"], "{target}");
    }
}

#[tokio::test]
async fn r136_only_ones_own_proxies_say_where_the_site_is() {
    let near = behind_proxy();
    let network = || ["192.0.2.0/24".parse().unwrap()];
    let listed = behind(TrustedProxy::hosts(HOSTS).sent_by(network()));
    let nobody = behind(TrustedProxy::hosts(HOSTS).sent_by([]));
    for (auth, peer, is_answered) in [
        (&near, None, true),
        (&near, Some("127.0.0.1"), true),
        (&near, Some("10.0.0.7"), true),
        (&near, Some("::ffff:10.0.0.7"), true),
        (&near, Some("192.0.2.7"), false),
        (&listed, None, false),
        (&listed, Some("127.0.0.1"), false),
        (&listed, Some("192.0.2.7"), true),
        (&listed, Some("::ffff:192.0.2.7"), true),
        (&nobody, None, false),
        (&nobody, Some("127.0.0.1"), false),
    ] {
        let mut request = Request::get("/api/auth/providers")
            .header("x-forwarded-host", "app.example.com")
            .body(Bytes::new())
            .unwrap();
        if let Some(peer) = peer {
            request.extensions_mut().insert(ClientAddress(peer.parse().unwrap()));
        }
        let answer = Answer::new(auth.handle(request).await);
        assert_eq!(answer.status() == 200, is_answered, "{peer:?}");
    }
}

/// The proxy serves the application under `/app`, and removes that.
#[tokio::test]
async fn a_prefix_that_a_proxy_removes_is_in_every_address() {
    let clock = FrozenClock::at(NOW);
    let idp = IdentityProvider::new(&clock);
    let url: SiteUrl = "https://app.example.com/app/api/auth".parse().unwrap();
    let fixed = Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .url(url.mounted_at("/app").unwrap())
        .clock(clock)
        .provider(idp.oidc())
        .http_client(client_of(&[&idp]))
        .build()
        .unwrap();
    let proxied = behind(TrustedProxy::hosts(HOSTS).path("/app/api/auth").mounted_at("/app/"));
    for auth in [fixed, proxied] {
        let told = [("x-forwarded-host", "app.example.com")];
        let base = "https://app.example.com/app/api/auth";
        assert_eq!(auth.base_path(), "/api/auth");
        assert_eq!(auth.browser_base_path(), "/app/api/auth");
        assert_eq!(auth.sign_in_address("/x"), "/app/api/auth/signin?callbackUrl=%2Fx");
        let answer = get(&auth, "/api/auth/providers", &told).await;
        assert_eq!(callback_of(&answer), format!("{base}/callback/idp"));
        let answer = get(&auth, "/api/auth/error?error=Callback", &told).await;
        assert_eq!(answer.location(), format!("{base}/signin?error=Callback"));
        let page = get(&auth, "/api/auth/signin", &told).await;
        assert!(page.text().contains(&format!("action=\"{base}/signin/idp\"")), "{}", page.text());
        // As it would be if nothing were removed.
        assert_eq!(get(&auth, "/app/api/auth/providers", &told).await.status(), 404);
    }
    for (path, prefix) in [
        ("/app/api/auth", "/other"),
        ("/app/api/auth", "/ap"),
        ("/app/api/auth", "app"),
        ("/app/api/auth", "/app/api/auth"),
        ("/app/api/auth", "/app//"),
    ] {
        let site: SiteUrl = format!("https://app.example.com{path}").parse().unwrap();
        assert!(site.mounted_at(prefix).is_err(), "{prefix}");
    }
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
