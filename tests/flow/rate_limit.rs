//! Limits on what anybody may try: credentials, and lines for the log.

use std::net::{IpAddr, Ipv4Addr};

use http::HeaderName;
use typegate::rate_limit::{Allowances, Attempt, LimitedAction, RateLimit, Unlimited, Verdict};
use typegate::{CallbackError, ClientAddressSource};

use super::support::{BASE, ORIGIN, World, credentials, world};

const CALLBACK: &str = "/api/auth/callback/credentials";
const ADA: [(&str, &str); 3] =
    [("username", "ada"), ("password", "1815"), ("callbackUrl", "/next")];

fn limited(attempts: u32) -> World {
    let source = ClientAddressSource::header(HeaderName::from_static("x-real-ip"));
    let limit = Allowances::default().per_client(attempts);
    let mut world = world!(site => site
        .provider(credentials())
        .rate_limit(limit)
        .client_address(source)
        .build()
        .unwrap());
    world.browser.peer = Some(PROXY);
    world
}

/// A reverse proxy on the same machine.
const PROXY: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

fn come_from(world: &mut World, address: &'static str) {
    world.browser.headers = vec![(HeaderName::from_static("x-real-ip"), address.parse().unwrap())];
}

fn refused() -> String {
    format!("{BASE}/error?error=CredentialsSignin&provider=credentials")
}

/// A proxy appends its element to the line that the visitor sent.
#[tokio::test]
async fn r081_a_broken_element_of_the_visitors_costs_nobody_the_count() {
    for broken in ["", "for=\", ", "x, ", "a b, ", "for=9.9.9.9;x=\", "] {
        let limit = Allowances::default().per_client(3);
        let mut world = world!(site => site
            .provider(credentials())
            .rate_limit(limit)
            .client_address(ClientAddressSource::forwarded(1))
            .build()
            .unwrap());
        world.browser.peer = Some(PROXY);
        let line = format!("{broken}for=203.0.113.7;proto=https").parse().unwrap();
        world.browser.headers = vec![(http::header::FORWARDED, line)];
        let mut tried = 0;
        for number in 0..60 {
            let name = format!("account-{number}");
            let form = [("username", &*name), ("password", "Spring2026"), ("json", "true")];
            tried += usize::from(world.browser.post(CALLBACK, &form).await.status() == 401);
        }
        assert_eq!(tried, 3, "{broken}");
    }
}

#[tokio::test]
async fn r081_credentials_are_limited_by_client() {
    let mut world = limited(3);
    come_from(&mut world, "2001:db8::1");
    for _ in 0..3 {
        let wrong = [("username", "ada"), ("password", "wrong")];
        assert_eq!(world.browser.post(CALLBACK, &wrong).await.location(), refused());
    }
    // The right password is refused as well: a guess that succeeds is a guess.
    come_from(&mut world, "[2001:DB8::FFFF]:4711");
    world.clock.advance(100);
    let answer = world.browser.post(CALLBACK, &ADA).await;
    assert_eq!((answer.location(), answer.header("retry-after")), (&*refused(), None));
    let json = [ADA[0], ADA[1], ("json", "true")];
    let answer = world.browser.post(CALLBACK, &json).await;
    assert_eq!(answer.status(), 429);
    assert_eq!(answer.header("retry-after"), Some("800"));
    assert!(world.lines.codes().contains(&"RATE_LIMIT_ERROR".to_owned()));
    come_from(&mut world, "2001:db8:0:1::1");
    assert_eq!(world.browser.post(CALLBACK, &ADA).await.location(), format!("{ORIGIN}/next"));
}

#[tokio::test]
async fn r161_log_lines_are_limited_by_client() {
    let mut world = limited(100);
    come_from(&mut world, "192.0.2.7");
    let fields = [("level", "error"), ("code", "X")];
    for number in 0..10_000 {
        let answer = world.browser.submit("/api/auth/_log", &fields).await;
        let expected = if number < 100 { (200, None) } else { (429, Some("900")) };
        assert_eq!((answer.status().as_u16(), answer.header("retry-after")), expected);
    }
    assert_eq!(world.lines.codes().iter().filter(|code| *code == "X").count(), 100);
}

/// A store that does not answer.
struct Down;

impl RateLimit for Down {
    async fn allow(&self, attempt: Attempt) -> Result<Verdict, CallbackError> {
        assert_eq!(attempt.action, LimitedAction::Credentials);
        assert_eq!(attempt.provider.as_deref(), Some("credentials"));
        assert_eq!(attempt.client.unwrap().to_string(), "192.0.2.7");
        assert_eq!(attempt.accounts, ["ada"]);
        assert!(!attempt.has_session);
        Err(CallbackError::new("10.0.0.9:6379 refused the connection"))
    }
}

#[tokio::test]
async fn a_limit_that_fails_refuses_and_none_at_all_allows() {
    let source = ClientAddressSource::forwarded_for(1);
    let mut world = world!(site => site
        .provider(credentials())
        .rate_limit(Down)
        .client_address(source)
        .build()
        .unwrap());
    world.browser.peer = Some(PROXY);
    let name = HeaderName::from_static("x-forwarded-for");
    world.browser.headers = vec![(name, "198.51.100.1, 192.0.2.7".parse().unwrap())];
    assert_eq!(world.browser.post(CALLBACK, &ADA).await.location(), refused());
    assert_eq!(world.lines.codes(), ["RATE_LIMIT_STORE_ERROR"]);
    let json = [ADA[0], ADA[1], ("json", "true")];
    let answer = world.browser.post(CALLBACK, &json).await;
    assert_eq!((answer.status().as_u16(), answer.header("retry-after")), (429, None));
    // However many there are, the log is not filled.
    for _ in 0..200 {
        assert_eq!(world.browser.post(CALLBACK, &json).await.status(), 429);
    }
    assert_eq!(world.lines.codes().len(), 100);

    let mut world =
        world!(site => site.provider(credentials()).rate_limit(Unlimited).build().unwrap());
    for _ in 0..200 {
        assert_eq!(world.browser.post(CALLBACK, &ADA).await.location(), format!("{ORIGIN}/next"));
    }
}

#[tokio::test]
async fn r081_axum_and_other_servers_say_who_the_client_is() {
    use axum::extract::ConnectInfo;
    use std::net::SocketAddr;
    use tower::ServiceExt as _;
    use typegate::ClientAddress;

    let clock = typegate::testing::FrozenClock::at(0);
    let auth = super::support::site!(clock)
        .provider(credentials())
        .logger(super::support::Lines::default())
        .rate_limit(Allowances::default().per_client(1))
        .build()
        .unwrap();
    let send = async |connected: &str, named: Option<&str>| {
        let body = axum::body::Body::from("level=error&code=X");
        let mut request = http::Request::post("/api/auth/_log").body(body).unwrap();
        let peer: SocketAddr = connected.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        if let Some(named) = named {
            request.extensions_mut().insert(ClientAddress(named.parse().unwrap()));
        }
        let service: axum::Router = auth.routes();
        service.oneshot(request).await.unwrap().status().as_u16()
    };
    assert_eq!(send("192.0.2.1:1000", None).await, 200);
    assert_eq!(send("192.0.2.1:2000", None).await, 429);
    assert_eq!(send("192.0.2.2:1000", None).await, 200);
    // What the application says counts more.
    assert_eq!(send("192.0.2.1:3000", Some("192.0.2.3")).await, 200);
    assert_eq!(send("192.0.2.4:1000", Some("192.0.2.3")).await, 429);
}
