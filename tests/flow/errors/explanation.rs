//! The explanation of an error that only a developer gets to read.

use http::HeaderValue;
use http::header::{FORWARDED, HeaderName};
use typegate::{Auth, Diagnostics, ErrorCode, Pages};

use super::super::support::{Browser, Parts, World, site, world};

const ADDRESSES: [(&str, ErrorCode); 4] = [
    ("/api/auth/signin?error=OAuthCallback", ErrorCode::OAuthCallback),
    ("/api/auth/error?error=AccessDenied", ErrorCode::AccessDenied),
    ("/api/auth/error?error=Configuration", ErrorCode::VerificationLink),
    ("/api/auth/signin?callbackUrl=junk", ErrorCode::InvalidCallbackUrl),
];

fn explaining() -> World {
    let diagnostics = Diagnostics::new().explain_errors_on_loopback();
    world!(site => site.diagnostics(diagnostics).build().unwrap())
}

/// Nobody's page names a code.
async fn nothing_is_explained<D>(browser: &mut Browser<D>, why: &str) {
    for (address, _) in ADDRESSES {
        let page = browser.get(address).await;
        let names_a_code = ErrorCode::ALL.iter().any(|code| page.text().contains(code.as_str()));
        assert!(!names_a_code && !page.text().contains("explanation\""), "{why}: {address}");
        assert!(page.text().contains("</html>"));
    }
}

#[tokio::test]
async fn a_developer_on_this_machine_reads_code_and_remedy() {
    for peer in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
        let mut world = explaining();
        world.browser.peer = Some(peer.parse().unwrap());
        for (address, code) in ADDRESSES {
            let page = world.browser.get(address).await;
            let remedy = maud::html! { (code.remedy()) }.into_string();
            let is_explained = page.text().contains(code.as_str())
                && page.text().contains(&remedy)
                && page.text().contains(&code.help_url());
            // Release builds explain nothing to anybody.
            assert_eq!(is_explained, cfg!(debug_assertions), "{peer}: {address}");
        }
        // The error that stopped the request is known, so it stands alone.
        let page = world.browser.get("/api/auth/signin?callbackUrl=junk").await;
        assert!(!page.text().contains(ErrorCode::CsrfToken.as_str()));
        // An unknown value is not looked up, and not shown.
        let page = world.browser.get("/api/auth/signin?error=NO_SECRET").await;
        assert!(!page.text().contains("NO_SECRET"));
    }
}

#[tokio::test]
async fn without_the_setting_nobody_reads_a_code() {
    let mut world = World::new();
    world.browser.peer = Some("127.0.0.1".parse().unwrap());
    nothing_is_explained(&mut world.browser, "no setting").await;
}

#[tokio::test]
async fn a_visitor_from_elsewhere_reads_v4s_text() {
    let mut world = explaining();
    for peer in [None, Some("192.0.2.7"), Some("2001:db8::7"), Some("0.0.0.0")] {
        world.browser.peer = peer.map(|peer| peer.parse().unwrap());
        nothing_is_explained(&mut world.browser, &format!("{peer:?}")).await;
    }
    let names = ["x-forwarded-for", "x-real-ip", "x-client-ip", "host", "x-forwarded-host"];
    for name in names {
        let header = (HeaderName::from_static(name), HeaderValue::from_static("127.0.0.1"));
        world.browser.headers = vec![header];
        nothing_is_explained(&mut world.browser, name).await;
    }
}

#[tokio::test]
async fn behind_a_proxy_on_the_same_machine_nothing_is_explained() {
    let mut world = explaining();
    world.browser.peer = Some("127.0.0.1".parse().unwrap());
    for name in [FORWARDED, HeaderName::from_static("x-forwarded-for")] {
        world.browser.headers = vec![(name, HeaderValue::from_static("127.0.0.1"))];
        nothing_is_explained(&mut world.browser, "a proxy").await;
    }
}

#[tokio::test]
async fn a_site_with_a_public_address_explains_nothing() {
    let parts = Parts::new();
    let diagnostics = Diagnostics::new().explain_errors_on_loopback();
    let auth: Auth = site!(parts.clock, "https://app.example.com")
        .provider(parts.idp.oidc())
        .diagnostics(diagnostics)
        .build()
        .unwrap();
    let mut browser = Browser::at("https://app.example.com", &auth, &parts.clock);
    browser.peer = Some("127.0.0.1".parse().unwrap());
    nothing_is_explained(&mut browser, "a public site").await;
}

#[tokio::test]
async fn the_applications_own_error_page_gets_no_code() {
    let diagnostics = Diagnostics::new().explain_errors_on_loopback();
    let pages = Pages::new().error("/oops");
    let mut world = world!(site => site.diagnostics(diagnostics).pages(pages).build().unwrap());
    world.browser.peer = Some("127.0.0.1".parse().unwrap());
    let answer = world.browser.get("/api/auth/signin?callbackUrl=junk").await;
    assert_eq!(answer.outline(), ["302 /oops?error=Configuration"]);
}
