//! The start of a sign-in: `POST signin/<provider>`.

use std::collections::HashMap;

use http::Method;
use serde_json::json;
use typegate::provider::{
    Adjust as _, Check, Endpoints, OAuthClient, OAuthDefinition, ProfileMapper,
};
use typegate::testing::FrozenClock;
use typegate::{Auth, Profile};
use url::Url;

use super::support::{
    BASE, Browser, IdentityProvider, Lines, NOW, ORIGIN, SECRET, client_of, credentials, open,
    site, without_attempt,
};

fn world() -> (IdentityProvider, Browser, FrozenClock) {
    let clock = FrozenClock::at(NOW);
    let idp = IdentityProvider::new(&clock);
    let auth = site!(clock)
        .provider(idp.oidc())
        .provider(IdentityProvider::github_provider())
        .provider(credentials())
        .http_client(client_of(&[&idp]))
        .build()
        .unwrap();
    (idp, Browser::new(&auth, &clock), clock)
}

fn query(address: &str) -> HashMap<String, String> {
    Url::parse(address).unwrap().query_pairs().into_owned().collect()
}

#[tokio::test]
async fn openid_connect_starts_with_three_checks_in_order() {
    let (_, mut browser, _) = world();
    let answer = browser.post("/api/auth/signin/idp", &[("callbackUrl", "/next")]).await;
    let location = answer.location();
    let names: Vec<String> =
        Url::parse(location).unwrap().query_pairs().map(|(name, _)| name.into_owned()).collect();
    assert_eq!(
        names,
        [
            "client_id",
            "scope",
            "response_type",
            "redirect_uri",
            "state",
            "code_challenge",
            "code_challenge_method",
            "nonce"
        ]
    );
    let values = query(location);
    assert_eq!(values["scope"], "openid profile email");
    assert_eq!(values["redirect_uri"], format!("{BASE}/callback/idp"));
    assert!(location.contains("&scope=openid%20profile%20email&"));
    let cookies: Vec<&str> =
        answer.cookies.iter().map(|cookie| without_attempt(&cookie.name)).collect();
    let check = |name: &str| format!("next-auth.{name}");
    assert_eq!(
        cookies,
        ["next-auth.callback-url", &check("state"), &check("pkce.code_verifier"), &check("nonce")]
    );
    for (name, parameter) in [("state", "state"), ("nonce", "nonce")] {
        let token = &answer.cookie(&check(name)).unwrap().value;
        let claims = open(token, SECRET, &check(name));
        assert_eq!(claims["value"], values[parameter]);
        assert_eq!(claims["provider"], "idp");
        assert_eq!(claims["exp"], NOW + 900);
    }
}

#[tokio::test]
async fn r112_check_cookies_have_v4s_attributes() {
    let (_, mut browser, _) = world();
    let answer = browser.post("/api/auth/signin/idp", &[]).await;
    for (name, max_age) in
        [("state", Some(900)), ("pkce.code_verifier", Some(900)), ("nonce", None)]
    {
        let cookie = answer.cookie(&format!("next-auth.{name}")).unwrap();
        assert_eq!((cookie.max_age, cookie.expires), (max_age, Some(NOW + 900)), "{name}");
        assert!(cookie.http_only && !cookie.secure && cookie.domain.is_none());
        assert_eq!((&*cookie.path, &*cookie.same_site), ("/", "Lax"));
    }
}

#[tokio::test]
async fn r111_an_https_site_uses_the_prefixes_everywhere() {
    let clock = FrozenClock::at(NOW);
    let idp = IdentityProvider::new(&clock);
    let auth = site!(clock, "https://app.example.com")
        .provider(idp.oidc())
        .http_client(client_of(&[&idp]))
        .build()
        .unwrap();
    let mut browser = Browser::at("https://app.example.com", &auth, &clock);
    let answer = browser.post("/api/auth/signin/idp", &[]).await;
    let back = idp.authorize(answer.location());
    let mut seen: Vec<_> = browser.jar.names().into_iter().map(ToOwned::to_owned).collect();
    let answer = browser.get(&back).await;
    assert_eq!(answer.location(), "https://app.example.com");
    seen.extend(answer.cookies.iter().map(|cookie| without_attempt(&cookie.name).to_owned()));
    seen.sort();
    seen.dedup();
    assert_eq!(
        seen,
        [
            "__Host-next-auth.csrf-token",
            "__Secure-next-auth.callback-url",
            "__Secure-next-auth.nonce",
            "__Secure-next-auth.pkce.code_verifier",
            "__Secure-next-auth.session-token",
            "__Secure-next-auth.state",
        ]
    );
    assert!(answer.cookies.iter().all(|cookie| cookie.secure));
}

#[tokio::test]
async fn r001_redirect_uri_is_fixed_by_the_server() {
    let (idp, mut browser, _) = world();
    for (name, value) in [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "https"),
        ("forwarded", "host=evil.example;proto=https"),
    ] {
        browser.headers.push((name.parse().unwrap(), value.parse().unwrap()));
    }
    let token = browser.csrf_token().await;
    let evil = "https://evil.example/api/auth/callback/idp";
    let body = json!({ "csrfToken": token, "redirect_uri": evil });
    let answer =
        browser.post_json(&format!("/api/auth/signin/idp?redirect_uri={evil}"), &body).await;
    let expected = format!("{BASE}/callback/idp");
    assert_eq!(query(answer.location())["redirect_uri"], expected);
    let back = idp.authorize(answer.location());
    idp.requests();
    browser.get(&back).await;
    let requests = idp.requests();
    let token_request = requests.iter().find(|request| request.url.path() == "/token").unwrap();
    assert_eq!(token_request.form["redirect_uri"], expected);
}

#[tokio::test]
async fn r002_the_protocols_own_parameters_are_not_the_requests() {
    let (idp, mut browser, _) = world();
    for name in [
        "client_id",
        "redirect_uri",
        "response_type",
        "response_mode",
        "state",
        "nonce",
        "code_challenge",
        "code_challenge_method",
        "request",
        "request_uri",
        "claims",
        "callbackUrl",
        "anything",
    ] {
        let address = format!("/api/auth/signin/idp?{name}=%2Fforged");
        let answer = browser.post(&address, &[]).await;
        assert!(!answer.location().contains("forged"), "{name}");
        // The provider insists on one of each, and on its own client.
        idp.authorize(answer.location());
    }
}

#[tokio::test]
async fn r002_harmless_parameters_pass() {
    let (_, mut browser, _) = world();
    let address = "/api/auth/signin/idp?prompt=login&login_hint=a%40b.co&scope=openid+groups";
    let answer = browser.post(address, &[]).await;
    let values = query(answer.location());
    assert_eq!((&*values["prompt"], &*values["login_hint"]), ("login", "a@b.co"));
    assert_eq!(values["scope"], "openid groups");
}

#[tokio::test]
async fn the_pages_parameters_keep_their_order() {
    let (_, mut browser, _) = world();
    let address = "/api/auth/signin/idp?prompt=login&login_hint=a%40b.co&ui_locales=de";
    let answer = browser.post(address, &[]).await;
    assert!(answer.location().contains("&prompt=login&login_hint=a%40b.co&ui_locales=de&"));
}

#[tokio::test]
async fn r004_r012_every_attempt_has_fresh_values_of_256_bits() {
    let (_, mut browser, _) = world();
    let mut seen = std::collections::HashSet::new();
    for _ in 0..50 {
        let answer = browser.post("/api/auth/signin/idp", &[]).await;
        let values = query(answer.location());
        assert_eq!(values["code_challenge_method"], "S256");
        for name in ["state", "nonce", "code_challenge"] {
            assert_eq!(values[name].len(), 43, "{name}");
            assert!(seen.insert(values[name].clone()), "{name} is repeated");
        }
    }
}

#[tokio::test]
async fn r018_only_a_post_with_the_csrf_token_starts_a_flow() {
    let (idp, mut browser, _) = world();
    for id in ["idp", "github", "credentials"] {
        let address = format!("/api/auth/signin/{id}");
        let page = browser.get(&address).await;
        assert_eq!(page.outline()[0], "200 page Sign In");
        let head = browser.request(Method::HEAD, &address, None, "").await;
        assert_eq!(head.status(), 400);
        let refused = browser.submit(&address, &[]).await;
        assert_eq!(refused.outline(), [format!("302 {BASE}/signin?csrf=true")]);
        let forged = browser.submit(&address, &[("csrfToken", &"0".repeat(64))]).await;
        assert_eq!(forged.outline(), [format!("302 {BASE}/signin?csrf=true")]);
    }
    assert_eq!(browser.jar.names(), ["next-auth.csrf-token", "next-auth.callback-url"]);
    assert!(idp.requests().is_empty());
}

#[tokio::test]
async fn a_failed_csrf_check_is_json_where_json_is_wanted() {
    let (_, mut browser, _) = world();
    browser.csrf_token().await;
    let answer = browser.submit("/api/auth/signin/idp", &[("json", "true")]).await;
    assert_eq!(answer.outline(), [format!("200 {{\"url\":\"{BASE}/signin?csrf=true\"}}")]);
}

#[tokio::test]
async fn credentials_and_unknown_providers_start_nothing() {
    let (_, mut browser, _) = world();
    let answer = browser.post("/api/auth/signin/credentials", &[("username", "ada")]).await;
    assert_eq!(answer.outline(), [format!("302 {BASE}/signin")]);
    for address in ["/api/auth/signin", "/api/auth/signin/", "/api/auth/signin/nobody"] {
        let answer = browser.post(address, &[]).await;
        assert_eq!(answer.outline(), [format!("302 {BASE}/signin?csrf=true")]);
    }
}

#[tokio::test]
async fn the_client_gets_the_address_as_json() {
    let (idp, mut browser, _) = world();
    let answer = browser.post("/api/auth/signin/idp", &[("json", "true")]).await;
    assert_eq!(answer.status(), 200);
    let back = idp.authorize(answer.json()["url"].as_str().unwrap());
    assert_eq!(browser.get(&back).await.location(), ORIGIN);
}

#[tokio::test]
async fn github_is_plain_oauth_with_its_own_scope() {
    let (_, mut browser, _) = world();
    let answer = browser.post("/api/auth/signin/github", &[]).await;
    let location = answer.location();
    assert!(location.starts_with("https://github.com/login/oauth/authorize?"));
    let values = query(location);
    assert_eq!(values["scope"], "read:user user:email");
    assert!(values.contains_key("code_challenge") && !values.contains_key("nonce"));
}

#[tokio::test]
async fn a_provider_that_cannot_be_asked_leaves_no_check_cookies() {
    for (status, body) in [
        (500, "{}"),
        (200, ""),
        (200, "<html>"),
        (200, "[]"),
        (302, "{}"),
        (200, "{\"issuer\":\"https://id.example\"}"),
    ] {
        let clock = FrozenClock::at(NOW);
        let (idp, lines) = (IdentityProvider::new(&clock), Lines::default());
        let auth = site!(clock)
            .provider(idp.oidc())
            .http_client(client_of(&[&idp]))
            .logger(lines.clone())
            .build()
            .unwrap();
        let mut browser = Browser::new(&auth, &clock);
        idp.break_endpoint("/.well-known/openid-configuration", status, body);
        let answer = browser.post("/api/auth/signin/idp", &[]).await;
        assert_eq!(answer.outline(), [format!("302 {BASE}/error?error=OAuthSignin")], "{body}");
        assert_eq!(lines.codes(), ["GET_AUTHORIZATION_URL_ERROR", "SIGNIN_OAUTH_ERROR"]);
        let next = browser.get(&format!("{BASE}/error?error=OAuthSignin")).await;
        assert_eq!(next.location(), format!("{BASE}/signin?error=OAuthSignin"));
    }
}

#[tokio::test]
async fn r022_endpoints_without_https_are_refused() {
    let clock = FrozenClock::at(NOW);
    let configured = |authorization: &str, token: &str, user_info: &str| {
        let endpoints = Endpoints::oauth2()
            .authorization_endpoint(authorization)
            .token_endpoint(token)
            .userinfo_endpoint(user_info)
            .build();
        site!(clock).provider(Plain(endpoints)).build().map(|_: Auth| ())
    };
    let good = "https://id.example/x";
    assert!(configured(good, good, good).is_ok());
    assert!(configured("http://127.0.0.1:9/x", "http://localhost:9/x", good).is_ok());
    for bad in ["http://id.example/x", "ftp://id.example", "id.example", "http://localhost.evil/x"]
    {
        assert!(configured(bad, good, good).is_err(), "{bad}");
        assert!(configured(good, bad, good).is_err(), "{bad}");
        assert!(configured(good, good, bad).is_err(), "{bad}");
    }
    for name in ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"] {
        let idp = IdentityProvider::new(&clock);
        idp.change(|idp| idp.document[name] = "http://id.example/x".into());
        // With all of them in use: one that nobody asks counts as missing.
        let provider = idp.oidc().fetch_user_info(true);
        let auth = site!(clock).provider(provider).http_client(client_of(&[&idp])).build().unwrap();
        let answer = Browser::new(&auth, &clock).post("/api/auth/signin/idp", &[]).await;
        assert_eq!(answer.location(), format!("{BASE}/error?error=OAuthSignin"), "{name}");
    }
}

/// A plain OAuth 2.0 provider of the application's own.
struct Plain(Endpoints);

impl typegate::provider::Provider for Plain {
    type Kind = typegate::provider::OAuthKind;

    fn into_definition(self) -> OAuthDefinition {
        OAuthDefinition::builder()
            .id("plain")
            .name("Plain")
            .client(OAuthClient::new("id", "secret".into()))
            .endpoints(self.0)
            .checks([Check::State])
            .profile(ProfileMapper::new(|id: String, _| Ok(Profile::new(id))))
            .build()
    }
}
