//! What the log says of a proxy that is not set up as the configuration says: which header was read,
//! and what to write.

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http::Request;
use tower::{Layer as _, ServiceExt as _, service_fn};
use typegate::guard::Guard;
use typegate::provider::catalog::GitHub;
use typegate::testing::FrozenClock;
use typegate::{Auth, ClientAddressSource, Secret, SiteUrl, TrustedProxy};

use super::support::{Lines, NOW, SECRET, credentials, site_at, world};

fn behind(proxy: TrustedProxy) -> (Auth, Lines) {
    let lines = Lines::default();
    let auth = Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .trust_proxy(proxy)
        .client_address(ClientAddressSource::forwarded_for(1))
        .clock(FrozenClock::at(NOW))
        .provider(GitHub::new("id", "secret".into()))
        .logger(lines.clone())
        .build()
        .unwrap();
    (auth, lines)
}

async fn status(auth: &Auth, path: &str, headers: &[(&str, &str)]) -> u16 {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    auth.handle(request.body(Bytes::new()).unwrap()).await.status().as_u16()
}

fn hosts() -> TrustedProxy {
    TrustedProxy::hosts(["app.example.com"])
}

#[tokio::test]
async fn r211_a_refused_host_is_named_with_its_header_and_why_that_counts() {
    let only_if = "only if visitors reach the site by it";
    let plain = [("host", "app:3000")];
    let both = [("host", "app.example.com"), ("x-forwarded-host", "app:3000")];
    let list = [("x-forwarded-host", "evil.example, app:3000")];
    let three = [("x-forwarded-host", "a.example, app:3000, b.example")];
    let x = [("host", "app:3000"), ("x-forwarded-host", "app.example.com")];
    let standard = [("forwarded", "for=1.2.3.4;host=\"app:3000\"")];
    let hostless = [("host", "app:3000"), ("forwarded", "for=1.2.3.4")];
    for (proxy, headers, expected) in [
        (
            hosts(),
            &plain[..],
            &[
                "`app:3000` in `Host`",
                "`X-Forwarded-Host` is absent",
                "in `X-Forwarded-Host`, or keep",
            ][..],
        ),
        (
            hosts(),
            &hostless,
            &["in `Host`", "`Forwarded` is read only where `forwarded` is written"],
        ),
        (
            hosts(),
            &both,
            &["in `X-Forwarded-Host`", "before `Host`, which is `app.example.com`", "`keeps_host`"],
        ),
        (hosts(), &list, &["in `X-Forwarded-Host`", "of its 2 entries the last counts"]),
        (
            hosts().proxies(2),
            &three,
            &["of its 3 entries number 2 from the right counts, as `proxies` says"],
        ),
        (
            hosts().keeps_host(),
            &x,
            &[
                "in `Host`",
                "`X-Forwarded-Host`, which is `app.example.com`, does not",
                "leave `keeps_host` out",
            ],
        ),
        (hosts().forwarded(), &standard, &["in `Forwarded`", "`forwarded` is written", "`host=`"]),
        (
            hosts().forwarded(),
            &x,
            &[
                "in `Host`",
                "`Forwarded` is absent",
                "which is `app.example.com`, does not",
                "leave `forwarded` out",
            ],
        ),
        (hosts().forwarded(), &hostless, &["in `Host`", "names no host where it counts"]),
    ] {
        let (auth, lines) = behind(proxy);
        assert_eq!(status(&auth, "/api/auth/providers", headers).await, 400);
        let [line] = lines.take().try_into().unwrap();
        assert_eq!(line.code, "NEXTAUTH_URL");
        for part in expected.iter().chain(&["the host `app:3000`", only_if]) {
            assert!(line.message.contains(part), "{part}: {}", line.message);
        }
    }
    let (auth, lines) = behind(hosts());
    assert_eq!(status(&auth, "http://app:3000/api/auth/providers", &[]).await, 400);
    assert!(lines.take()[0].message.contains("the host `app:3000` in `:authority`"));
}

#[tokio::test]
async fn r211_what_is_no_host_is_named_with_its_header() {
    let long = "a/".repeat(500);
    for (headers, expected) in [
        (&[][..], "`Host` is absent"),
        (&[("host", "a"), ("host", "b")], "`Host` is there twice"),
        (&[("host", "a b")], "`Host` is `a b`, which is not a host name"),
        (&[("host", "a"), ("x-forwarded-host", "https://a")], "`X-Forwarded-Host` is `https://a`"),
        (&[("x-forwarded-host", &*long)], "a/a/…`, which is not"),
    ] {
        let (auth, lines) = behind(hosts());
        assert_eq!(status(&auth, "/api/auth/providers", headers).await, 400);
        let message = lines.take().remove(0).message;
        assert!(message.contains(expected), "{message}");
        assert!(message.len() < 400, "{message}");
    }
    let (auth, lines) = behind(hosts().forwarded());
    let broken = [("host", "a"), ("forwarded", "for=1.2.3.4;host=a/b")];
    assert_eq!(status(&auth, "/api/auth/providers", &broken).await, 400);
    let message = lines.take().remove(0).message;
    assert!(
        message.starts_with("`Forwarded` is `for=1.2.3.4;host=a/b`, which is not"),
        "{message}"
    );
}

#[tokio::test]
async fn r211_a_prefix_that_is_removed_kept_or_added_is_said_once() {
    let url = |text: &str| text.parse::<SiteUrl>().unwrap();
    let app = || url("https://app.example.com/app/api/auth");
    for (site, path, expected) in [
        (app(), "/api/auth/csrf", "`mounted_at(\"/app\")`"),
        (app(), "/csrf", "let it leave that"),
        (app().mounted_at("/app").unwrap(), "/app/api/auth/csrf", "leave `mounted_at` out"),
        (url("https://app.example.com"), "/app/api/auth/csrf", "`/app/api/auth` as the path"),
    ] {
        let (auth, lines) = site_at(site);
        for _ in 0..3 {
            assert_eq!(status(&auth, path, &[]).await, 404);
        }
        let [line] = lines.take().try_into().unwrap();
        assert_eq!(line.code, "DOUBTFUL_SETTING");
        assert!(line.message.contains(expected), "{}", line.message);
        assert!(line.message.starts_with(&format!("`{path}` was asked for")), "{}", line.message);
    }
    let (auth, lines) = site_at(app());
    for path in ["/", "/favicon.ico", "/api/authors/csrf", "/app/api/auth/x/../csrf"] {
        status(&auth, path, &[]).await;
    }
    assert!(lines.take().iter().all(|line| line.code != "DOUBTFUL_SETTING"));
}

/// What a stranger makes up is in nobody's way, neither with paths of no route nor with prefixes.
#[tokio::test]
async fn r220_junk_does_not_use_up_what_is_said_of_a_prefix() {
    let (auth, lines) = site_at("https://app.example.com".parse().unwrap());
    for junk in ["callback", "callback/wp-login", "signin/x", "session/x/y", "error", "csrf/x"] {
        for prefix in ["/v1", "/old", "/wp"] {
            assert_eq!(status(&auth, &format!("{prefix}/api/auth/{junk}"), &[]).await, 404);
        }
    }
    assert_eq!(lines.take().len(), 0, "none of these is a route");
    assert_eq!(status(&auth, "/junk/api/auth/csrf", &[]).await, 404);
    assert_eq!(status(&auth, "/app/api/auth/callback/github", &[]).await, 404);
    let said: Vec<String> = lines.take().into_iter().map(|line| line.message).collect();
    let [junk, ours] = &said[..] else { panic!("{said:?}") };
    assert!(junk.contains("have `/junk` in the address"), "{junk}");
    assert!(ours.contains("have `/app` in the address"), "{ours}");
    for number in 0..100 {
        status(&auth, &format!("/junk{number}/api/auth/csrf"), &[]).await;
    }
    assert_eq!(lines.take().len(), 6, "eight in an hour");
}

/// As docs/behind-a-proxy.md has it: nothing else sees the path where there is no guard.
#[tokio::test]
async fn r211_routes_that_are_the_fallback_say_that_a_prefix_was_removed() {
    let (auth, lines) = site_at("https://app.example.com/app/api/auth".parse().unwrap());
    let plain: Router = Router::new().merge(auth.routes());
    let seeing: Router = Router::new().merge(auth.routes()).fallback_service(auth.service());
    for (router, said) in [(plain, 0), (seeing, 1)] {
        let request = Request::get("/api/auth/csrf").body(Body::empty()).unwrap();
        assert_eq!(router.oneshot(request).await.unwrap().status(), 404);
        let lines = lines.take();
        assert_eq!(lines.len(), said, "{lines:?}");
        assert!(lines.iter().all(|line| line.message.contains("`mounted_at(\"/app\")`")));
    }
}

/// A router answers 404 without asking the auth routes; a guard in front of it sees the path.
#[tokio::test]
async fn r211_a_guard_says_that_a_prefix_was_removed() {
    let (auth, lines) = site_at("https://app.example.com/app/api/auth".parse().unwrap());
    let inner = service_fn(async |_: Request<()>| {
        Ok::<_, std::convert::Infallible>(http::Response::new(Bytes::new()))
    });
    let guarded = Guard::new(auth).build().unwrap().layer(inner);
    // Pages of the application's own may look alike.
    for (path, said) in
        [("/auth/signin", 0), ("/home", 0), ("/api/auth/session", 1), ("/api/auth/csrf", 0)]
    {
        let request = Request::get(path).body(()).unwrap();
        let response = guarded.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 401, "{path}");
        assert_eq!(lines.take().len(), said, "{path}");
    }
}

#[tokio::test]
async fn r214_what_a_proxy_wrote_in_the_place_of_an_address_is_said_once() {
    let unreadable = "for=\"1.2.3.4";
    for (source, name, value, expected) in [
        (
            ClientAddressSource::forwarded(1),
            "forwarded",
            unreadable,
            "`client_address` names `forwarded`, which is `for=\"1.2.3.4`, of which the last entry counts",
        ),
        (ClientAddressSource::forwarded(1), "forwarded", "host=a", "which is `host=a`"),
        (
            ClientAddressSource::forwarded_for(2),
            "x-forwarded-for",
            "1.2.3.4",
            "entry 2 from the right",
        ),
        (ClientAddressSource::forwarded_for(1), "x-forwarded-for", "unknown", "which is `unknown`"),
        (
            ClientAddressSource::header(http::HeaderName::from_static("x-real-ip")),
            "x-other",
            "1.2.3.4",
            "`x-real-ip`, which is absent",
        ),
    ] {
        let mut world = world!(site => site
            .provider(credentials())
            .client_address(source)
            .build()
            .unwrap());
        world.browser.peer = Some([127, 0, 0, 1].into());
        world.browser.headers = vec![(name.parse().unwrap(), value.parse().unwrap())];
        for _ in 0..3 {
            let guess = [("username", "ada"), ("password", "wrong")];
            world.browser.post("/api/auth/callback/credentials", &guess).await;
        }
        let lines = world.lines.take();
        let said: Vec<_> =
            lines.iter().filter(|line| line.code == "RATE_LIMIT_INCOMPLETE").collect();
        assert_eq!(said.len(), 1, "{lines:?}");
        assert!(said[0].message.contains(expected), "{}", said[0].message);
    }
}

#[test]
fn r214_settings_of_a_proxy_that_contradict_each_other_are_refused_as_in_a_file() {
    let build = |proxy: TrustedProxy, source| {
        let auth = Auth::builder()
            .secret(Secret::new(SECRET).unwrap())
            .trust_proxy(proxy)
            .client_address(source)
            .provider(GitHub::new("id", "secret".into()))
            .build();
        auth.err().map(|error| error.to_string())
    };
    let one = || ClientAddressSource::forwarded_for(1);
    let both = "both `keeps_host` and `forwarded` say where the host stands";
    let count = "is the number of proxies of one's own, from 1 to 255";
    for (proxy, source, expected) in [
        (hosts().forwarded().keeps_host(), one(), both.to_owned()),
        (hosts().keeps_host().forwarded(), one(), both.to_owned()),
        (hosts().proxies(0), one(), format!("`proxies` {count}")),
        (hosts(), ClientAddressSource::forwarded_for(0), format!("`forwarded_for` {count}")),
        (hosts(), ClientAddressSource::forwarded(0), format!("`forwarded` {count}")),
    ] {
        let error = build(proxy, source).unwrap();
        assert!(error.contains(&expected), "{error}");
    }
    assert_eq!(build(hosts().keeps_host().keeps_host(), one()), None);
    assert_eq!(build(hosts().forwarded().forwarded().proxies(255), one()), None);
}
