//! Behind real proxies: nginx and `HAProxy`, with the lines of docs/behind-a-proxy.md. Over TLS and
//! HTTP/2, with a prefix that they remove, and with HTTP/2 to the application.

#![cfg(test)]
#![expect(clippy::string_slice, reason = "a test that meets a surprise fails")]

mod curl;
mod proxies;

use std::net::SocketAddr;

use axum::Router;
use axum::extract::Request;
use axum::routing::get;
use http::header::LOCATION;
use serde_json::Value;
use tokio::net::TcpListener;
use typegate::guard::Guard;
use typegate::testing::{Browser, IdentityProvider};
use typegate::{Auth, ClientAddressSource, Secret, SiteUrl, TrustedProxy};

use self::curl::Curl;
use self::proxies::{Proxies, Running};

const SECRET: &str = "k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA";
const HOST: &str = "app.example.com";

/// How the site is told where it is.
enum Told {
    /// By its configuration.
    Url(&'static str, &'static str),
    /// By the proxy.
    Proxy(TrustedProxy),
}

fn application(idp: &IdentityProvider, told: Told) -> Auth {
    let builder = Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .client_address(ClientAddressSource::forwarded_for(1))
        .provider(idp.oidc("idp"))
        .http_client(idp.clone());
    match told {
        Told::Url(url, prefix) => {
            let site: SiteUrl = url.parse().unwrap();
            builder.url(site.mounted_at(prefix).unwrap()).build().unwrap()
        }
        Told::Proxy(proxy) => {
            let proxy = proxy.sent_by(["127.0.0.0/8".parse().unwrap()]);
            builder.trust_proxy(proxy).build().unwrap()
        }
    }
}

/// Serves the application, and gives the port.
async fn serve(auth: &Auth) -> u16 {
    async fn seen(request: Request) -> String {
        let host = request.headers().get("host").and_then(|host| host.to_str().ok());
        let authority = request.uri().authority().map(|authority| authority.as_str());
        format!("{:?} {host:?} {authority:?}", request.version())
    }
    let guard = Guard::new(auth.clone()).public("/seen").public("/app/seen").build().unwrap();
    let app: Router = Router::new()
        .route("/seen", get(seen))
        .route("/account", get(async || "in"))
        .merge(auth.routes())
        .layer(guard);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let service = app.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
    port
}

/// A visitor signs in through the proxy, whatever else they send.
async fn signs_in(idp: &IdentityProvider, proxy: &Running, prefix: &str) {
    let base = format!("https://{HOST}{prefix}/api/auth");
    let mut browser =
        Browser::new(Curl::new(HOST, proxy.port)).base_path(format!("{prefix}/api/auth"));

    let providers = browser.get(&format!("{base}/providers")).await.unwrap();
    assert_eq!(providers.version(), http::Version::HTTP_2, "{}", proxy.name);
    let providers: Value = serde_json::from_slice(providers.body()).unwrap();
    assert_eq!(providers["idp"]["callbackUrl"], format!("{base}/callback/idp"));

    let denied = browser.get(&format!("https://{HOST}{prefix}/account?x=1")).await.unwrap();
    assert_eq!(denied.status(), 302);
    let back = format!("{prefix}/account?x=1").replace('/', "%2F").replace('?', "%3F");
    let back = back.replace('=', "%3D");
    let expected = format!("{prefix}/api/auth/signin?callbackUrl={back}");
    assert_eq!(denied.headers()[LOCATION], expected.as_str());
    let page = browser.get(&format!("https://{HOST}{expected}")).await.unwrap();
    assert_eq!(page.status(), 200);

    let signed_in = browser.sign_in("idp", idp).await.unwrap();
    let target = format!("https://{HOST}{prefix}/account?x=1");
    assert_eq!(signed_in.headers()[LOCATION], target.as_str(), "{}", proxy.name);
    assert!(browser.cookie("__Secure-next-auth.session-token").is_some());
    let account = browser.get(&target).await.unwrap();
    assert_eq!(account.body(), "in");
    let session = browser.get(&format!("{base}/session")).await.unwrap();
    assert!(String::from_utf8_lossy(session.body()).contains("jane@example.com"));
}

/// What a visitor says of the site changes nothing.
async fn believes_no_visitor(proxy: &Running, prefix: &str) {
    let base = format!("https://{HOST}{prefix}/api/auth");
    let curl = Curl::new(HOST, proxy.port);
    for line in [
        "X-Forwarded-Host: evil.example",
        "X-Forwarded-Proto: http",
        "Forwarded: host=evil.example;proto=http",
        "X-Forwarded-Prefix: /evil",
    ] {
        let (_, _, body) = curl.ask("GET", &format!("{base}/providers"), &[line], &[]).await;
        let providers: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(providers["idp"]["callbackUrl"], format!("{base}/callback/idp"), "{line}");
    }
}

#[tokio::test]
async fn a_visitor_signs_in_behind_nginx() {
    let Some(proxies) = Proxies::find() else { return };
    for told in [
        Told::Url("https://app.example.com", ""),
        Told::Proxy(TrustedProxy::hosts([HOST])),
        Told::Proxy(TrustedProxy::hosts([HOST]).keeps_host()),
    ] {
        let idp = IdentityProvider::new();
        let auth = application(&idp, told);
        let nginx = proxies.nginx("location / {", serve(&auth).await);
        signs_in(&idp, &nginx, "").await;
        believes_no_visitor(&nginx, "").await;
    }
}

#[tokio::test]
async fn nginx_passes_the_auth_routes_on_and_keeps_the_application_elsewhere() {
    let Some(proxies) = Proxies::find() else { return };
    let idp = IdentityProvider::new();
    let auth = application(&idp, Told::Url("https://app.example.com", ""));
    let nginx = proxies.nginx("location /api/auth/ {", serve(&auth).await);
    believes_no_visitor(&nginx, "").await;
    let page = format!("https://{HOST}/account");
    let (status, ..) = Curl::new(HOST, nginx.port).ask("GET", &page, &[], &[]).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn a_visitor_signs_in_where_nginx_removes_a_prefix() {
    let Some(proxies) = Proxies::find() else { return };
    for told in [
        Told::Url("https://app.example.com/app/api/auth", "/app"),
        Told::Proxy(TrustedProxy::hosts([HOST]).path("/app/api/auth").mounted_at("/app")),
    ] {
        let idp = IdentityProvider::new();
        let auth = application(&idp, told);
        let nginx = proxies.nginx("location /app/ {", serve(&auth).await);
        signs_in(&idp, &nginx, "/app").await;
        believes_no_visitor(&nginx, "/app").await;
    }
}

#[tokio::test]
async fn another_host_of_the_proxys_is_not_the_sites() {
    let Some(proxies) = Proxies::find() else { return };
    let idp = IdentityProvider::new();
    let auth = application(&idp, Told::Proxy(TrustedProxy::hosts([HOST])));
    let nginx = proxies.nginx("location / {", serve(&auth).await);
    let curl = Curl::new("evil.example", nginx.port);
    let address = "https://evil.example/api/auth/providers";
    let (status, _, body) = curl.ask("GET", address, &[], &[]).await;
    assert_eq!((status, body.as_slice()), (400, &b"Bad Request"[..]));
}

#[tokio::test]
async fn a_visitor_signs_in_behind_haproxy_over_either_version_of_http() {
    let Some(proxies) = Proxies::find() else { return };
    let whole = "http-request set-header X-Forwarded-Host";
    for (server, version, prefix) in
        [("", "HTTP/1.1", ""), ("proto h2", "HTTP/2.0", ""), ("proto h2", "HTTP/2.0", "/app")]
    {
        let idp = IdentityProvider::new();
        let proxy = TrustedProxy::hosts([HOST]);
        let proxy = proxy.path(format!("{prefix}/api/auth")).mounted_at(prefix);
        let auth = application(&idp, Told::Proxy(proxy));
        let blocks: &[&str] =
            if prefix.is_empty() { &[whole] } else { &[whole, "http-request replace-path /app"] };
        let haproxy = proxies.haproxy(blocks, server, serve(&auth).await);
        let curl = Curl::new(HOST, haproxy.port);
        let (_, _, seen) = curl.ask("GET", &format!("https://{HOST}{prefix}/seen"), &[], &[]).await;
        assert!(String::from_utf8_lossy(&seen).starts_with(version));
        signs_in(&idp, &haproxy, prefix).await;
        believes_no_visitor(&haproxy, prefix).await;
    }
}

/// HTTP/2 has no `Host` but `:authority`, and here no other header names the site.
#[tokio::test]
async fn the_authority_of_http_2_is_the_host() {
    let Some(proxies) = Proxies::find() else { return };
    let idp = IdentityProvider::new();
    let auth = application(&idp, Told::Proxy(TrustedProxy::hosts([HOST]).keeps_host()));
    let haproxy = proxies.haproxy(&[], "proto h2", serve(&auth).await);
    let curl = Curl::new(HOST, haproxy.port);
    let (_, _, seen) = curl.ask("GET", &format!("https://{HOST}/seen"), &[], &[]).await;
    let seen = String::from_utf8_lossy(&seen).into_owned();
    assert_eq!(seen, format!("HTTP/2.0 None Some({HOST:?})"));
    signs_in(&idp, &haproxy, "").await;
    // Without a proxy that overwrites it, `keeps_host` is what a visitor's header is stopped by.
    let lines = ["X-Forwarded-Host: evil.example"];
    let address = format!("https://{HOST}/api/auth/providers");
    let (status, _, _) = curl.ask("GET", &address, &lines, &[]).await;
    assert_eq!(status, 200);
}
