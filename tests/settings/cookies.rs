//! Cookie settings by which a cookie is dropped, never comes back, or gets in another's way.

use typegate::cookie::{CookieName, CookiePolicy, Cookies, SameSite};
use typegate::provider::catalog::GitHub;
use typegate::provider::{Adjust as _, Credentials, EmailVouching, OAuthClient, Oidc};
use typegate::{
    Auth, ClientAddressSource, ConfigError, Jwt, Pages, Secret, SigningAlgorithm, SigningKey,
    TrustedProxy,
};

use crate::support::{Numbers, SECRET, built, reasons};

const SITE: &str = "https://app.example.com";

fn named(id: &str) -> Oidc {
    Oidc::builder()
        .id(id)
        .name("Acme")
        .issuer("https://id.acme.example")
        .client(OAuthClient::new("id", "s3cr3t".into()))
        .build()
}

fn policy(name: &str) -> CookiePolicy {
    CookiePolicy::new(CookieName::new(name).unwrap())
}

fn of_session(site: &str, policy: CookiePolicy) -> Vec<String> {
    reasons(built(site, Cookies::new().session_token(policy), Pages::new()))
}

fn of_domain(site: &str, domain: &str) -> Vec<String> {
    of_session(site, policy("sid").domain(domain))
}

/// One refusal with all of these words.
fn is_refused(reasons: &[String], words: &[&str]) {
    assert_eq!(reasons.len(), 1, "{reasons:?}");
    for word in words {
        assert!(reasons[0].contains(word), "`{word}` is not in: {}", reasons[0]);
    }
}

#[test]
fn r196_a_domain_that_browsers_refuse_is_an_error() {
    for (site, domain, words) in [
        (SITE, "co.uk", ["public suffix", "`co.uk`"]),
        (SITE, "com", ["public suffix", "`com`"]),
        (SITE, "localhost", ["public suffix", "`localhost`"]),
        (SITE, "github.io", ["public suffix", "`github.io`"]),
        (SITE, "CO.UK", ["public suffix", "`CO.UK`"]),
        (SITE, ".com", ["public suffix", "`.com`"]),
        (SITE, "other.example", ["another site", "`app.example.com`"]),
        (SITE, "ample.com", ["another site", "`app.example.com`"]),
        (SITE, "sub.app.example.com", ["below", "`app.example.com`"]),
        (SITE, "127.0.0.1", ["address", "leave the domain out"]),
        (SITE, "[::1]", ["address", "leave the domain out"]),
        (SITE, "example.com.", ["no host name", "`example.com.`"]),
        (SITE, "..example.com", ["no host name", "`..example.com`"]),
        (SITE, "example.com:443", ["no host name", "`example.com:443`"]),
        (SITE, "https://example.com", ["no host name", "example.com"]),
        (SITE, "exämple.com", ["`xn--exmple-cua.com`", "ASCII"]),
        ("http://localhost:3000", "localhost", ["public suffix", "leave the domain out"]),
        ("http://127.0.0.1:3000", "example.com", ["address", "leave the domain out"]),
        ("https://ann.github.io", "github.io", ["public suffix", "`ann.github.io`"]),
        ("https://shop.example.co.uk", "co.uk", ["public suffix", "`example.co.uk`"]),
    ] {
        is_refused(&of_domain(site, domain), &words);
    }
}

#[test]
fn r196_a_domain_that_browsers_take_is_taken() {
    for (site, domain) in [
        (SITE, "example.com"),
        (SITE, ".example.com"),
        (SITE, "app.example.com"),
        (SITE, "Example.COM"),
        ("https://ann.github.io", "ann.github.io"),
        ("https://shop.example.co.uk", "example.co.uk"),
        ("https://a.b.c.example.com", "c.example.com"),
        ("http://app.corp.internal", "corp.internal"),
    ] {
        assert_eq!(of_domain(site, domain), Vec::<String>::new(), "{site} {domain}");
    }
}

#[test]
fn r196_two_cookies_of_one_name_are_an_error() {
    let both = |one: &str, other: &str| {
        let cookies = Cookies::new().session_token(policy(one)).state(policy(other));
        reasons(built(SITE, cookies, Pages::new()))
    };
    for (one, other) in [
        ("sid", "sid"),
        ("sid", "SID"),
        ("sid", "sid.0"),
        ("sid", "Sid.17"),
        ("sid", "__Secure-sid"),
        ("__Secure-sid", "__secure-SID"),
    ] {
        is_refused(&both(one, other), &["session", "state", one, other]);
    }
    // The default of another cookie, of this scheme or the other.
    for name in [
        "__Secure-next-auth.csrf-token",
        "next-auth.csrf-token",
        "next-auth.nonce",
        "__Secure-next-auth.callback-url",
        "__Secure-typegate.provider-session",
        "__Secure-typegate.provider-session.0",
    ] {
        let reasons = of_session(SITE, policy(name));
        is_refused(&reasons, &["session", name]);
    }
    let locked = CookiePolicy::host_locked(CookieName::new("sid").unwrap());
    let cookies = Cookies::new().csrf_token(locked).session_token(policy("sid"));
    is_refused(&reasons(built(SITE, cookies, Pages::new())), &["__Host-sid", "`sid`"]);
    for (one, other) in [("sid", "sid.x"), ("sid", "sid.01"), ("sid", "sidx"), ("a", "b")] {
        assert_eq!(both(one, other), Vec::<String>::new(), "{one} {other}");
    }
}

#[test]
fn r196_the_cookie_of_auth_js_is_a_cookie_too() {
    let built = |cookies| {
        Auth::builder()
            .secret(Secret::new(SECRET).unwrap())
            .url(SITE.parse().unwrap())
            .provider(GitHub::new("id", "s3cr3t".into()))
            .session(Jwt::default().accept_auth_js_v5())
            .cookies(cookies)
            .build()
    };
    let state = Cookies::new().state(policy("__Secure-authjs.session-token.0"));
    is_refused(&reasons(built(state)), &["state", "authjs.session-token.0"]);
    assert_eq!(reasons(built(Cookies::new())), Vec::<String>::new());
}

#[test]
fn r196_check_cookies_that_no_callback_brings_are_an_error() {
    let strict = |name: &str| policy(name).same_site(SameSite::Strict);
    type Setter = fn(Cookies, CookiePolicy) -> Cookies;
    let setters: [(&str, Setter); 4] = [
        ("state", |cookies, policy| cookies.state(policy)),
        ("nonce", |cookies, policy| cookies.nonce(policy)),
        ("PKCE code verifier", |cookies, policy| cookies.pkce_code_verifier(policy)),
        ("callback URL", |cookies, policy| cookies.callback_url(policy)),
    ];
    for (what, set) in setters {
        let cookies = set(Cookies::new(), strict("x"));
        is_refused(
            &reasons(built(SITE, cookies, Pages::new())),
            &[what, "Strict", "SameSite::Lax"],
        );
    }
    // The session and the CSRF token are not needed on the way back.
    let cookies = Cookies::new().session_token(strict("s")).csrf_token(strict("c"));
    assert_eq!(reasons(built(SITE, cookies, Pages::new())), Vec::<String>::new());
    // Nobody comes back from anywhere.
    let credentials = Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .url(SITE.parse().unwrap())
        .provider(Credentials::new(|_: serde_json::Value| async { Ok(None) }))
        .cookies(Cookies::new().callback_url(strict("x")))
        .build();
    assert_eq!(reasons(credentials), Vec::<String>::new());
}

#[test]
fn r196_a_path_that_leaves_the_auth_routes_out_is_an_error() {
    let of_path = |site: &str, path: &str| of_session(site, policy("sid").path(path));
    for (site, path) in [
        (SITE, "/app"),
        (SITE, "/api/authentic"),
        (SITE, "/api/auth/session"),
        (SITE, "/API/auth"),
        (SITE, "/api/%61uth"),
        ("https://app.example.com/login", "/api/auth"),
    ] {
        is_refused(&of_path(site, path), &[path, "auth routes"]);
    }
    for (site, path) in [
        (SITE, "/"),
        (SITE, "/api"),
        (SITE, "/api/"),
        (SITE, "/api/auth"),
        (SITE, "/api/auth/"),
        ("https://app.example.com/login", "/login"),
    ] {
        assert_eq!(of_path(site, path), Vec::<String>::new(), "{site} {path}");
    }
}

#[test]
fn r196_secure_cookies_of_a_site_without_https_are_an_error() {
    const PLAIN: &str = "http://app.example.com";
    for cookies in [
        Cookies::new().use_secure_cookies(true),
        Cookies::new().session_token(policy("sid").secure()),
        Cookies::new().session_token(policy("sid").same_site(SameSite::NoneSecure)),
        Cookies::new().csrf_token(CookiePolicy::host_locked(CookieName::new("csrf").unwrap())),
        Cookies::new().session_token(policy("__Secure-sid").secure()),
    ] {
        let reasons = reasons(built(PLAIN, cookies.clone(), Pages::new()));
        assert!(!reasons.is_empty());
        for reason in reasons {
            assert!(reason.contains("https"), "{reason}");
        }
        for site in ["http://localhost:3000", "http://127.0.0.1:3000", "http://[::1]:3000", SITE] {
            let built = built(site, cookies.clone(), Pages::new());
            assert_eq!(reasons_of(built), Vec::<String>::new(), "{site}");
        }
    }
    is_refused(&of_session(PLAIN, policy("__Secure-sid")), &["__Secure-sid", "https"]);
}

fn reasons_of<T>(built: Result<T, ConfigError>) -> Vec<String> {
    reasons(built)
}

#[test]
fn r196_times_that_end_no_sign_in_or_none_are_an_error() {
    for seconds in [0, 29, 86_401, u32::MAX] {
        let cookies = Cookies::new().state(policy("x").max_age(seconds));
        let reasons = reasons(built(SITE, cookies, Pages::new()));
        is_refused(&reasons, &["state", &seconds.to_string(), "900"]);
    }
    for seconds in [30, 900, 86_400] {
        let cookies = Cookies::new().nonce(policy("x").max_age(seconds));
        assert_eq!(reasons(built(SITE, cookies, Pages::new())), Vec::<String>::new());
    }
    // Of these it was never read.
    is_refused(&of_session(SITE, policy("x").max_age(900)), &["no effect", "max_age"]);
}

/// Each of these used to hide the next.
#[test]
fn r196_a_mistake_hides_no_other() {
    let jwk = SigningKey::generate_jwk(SigningAlgorithm::Hs512).unwrap();
    let key = SigningKey::from_jwk(&jwk).unwrap();
    let error = Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .trust_proxy(TrustedProxy::hosts(["app.example.com"]).path("no path"))
        .client_address(ClientAddressSource::forwarded_for(1))
        .provider(
            Oidc::builder()
                .id("a b")
                .name("Acme")
                .issuer("https://id.acme.example")
                .client(OAuthClient::new("", "s3cr3t".into()))
                .build(),
        )
        .cookies(Cookies::new().session_token(policy("sid").domain("not a host")))
        .pages(Pages::new().sign_in("login"))
        .session(Jwt::default().previous_signing_key(key).max_size(1))
        .build()
        .unwrap_err();
    let reasons: Vec<String> = error.all().map(ToString::to_string).collect();
    let words =
        ["`no path`", "`a b`", "empty client id", "not a host", "`login`", "previous", "max_size"];
    for word in words {
        assert!(reasons.iter().any(|reason| reason.contains(word)), "{word}: {reasons:#?}");
    }
    assert_eq!(reasons.len(), words.len(), "{reasons:#?}");
}

#[test]
fn r196_everything_is_told_at_once() {
    let cookies = Cookies::new()
        .session_token(policy("sid").domain("co.uk").path("/app"))
        .state(policy("sid").same_site(SameSite::Strict))
        .nonce(policy("nonce").max_age(0));
    let built = Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .url(SITE.parse().unwrap())
        .provider(named("Git-Hub"))
        .provider(named("git-hub"))
        .provider(named("a b"))
        .cookies(cookies)
        .pages(Pages::new().error("/api/auth/%65rror").sign_in("login"))
        .build();
    let error = built.unwrap_err();
    let reasons: Vec<String> = error.all().map(ToString::to_string).collect();
    for word in ["co.uk", "/app", "sid", "Strict", "nonce", "git-hub", "a b", "%65rror", "login"] {
        assert!(reasons.iter().any(|reason| reason.contains(word)), "{word}: {reasons:#?}");
    }
    assert_eq!(reasons.len(), 9, "{reasons:#?}");
    let text = error.to_string();
    for reason in &reasons {
        assert!(text.contains(reason.as_str()), "{text}");
    }
    // What a `main` that returns the error prints.
    assert_eq!(format!("{error:?}"), text);
    // A site that is not fixed leaves what does not depend on its host.
    let proxied = Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .trust_proxy(TrustedProxy::hosts(["app.example.com"]))
        .client_address(ClientAddressSource::forwarded_for(1))
        .provider(GitHub::new("id", "s3cr3t".into()))
        .cookies(Cookies::new().session_token(policy("sid").domain("co.uk").path("/app")))
        .build();
    assert_eq!(self::reasons(proxied).len(), 2);
}

#[test]
fn r196_everything_about_one_provider_is_told_at_once() {
    let provider = Oidc::builder()
        .id("acme")
        .name("Acme")
        .issuer("http://id.acme.example")
        .client(OAuthClient::new("", "s3cr3t".into()))
        .build()
        .authorization_parameter("state", "x")
        .authorization_parameter("nonce", "x")
        .authorization_parameter("max_age", "soon")
        .post_logout_redirect_uri("nowhere")
        .email_vouching(EmailVouching::Never)
        .dangerously_link_by_email();
    let built = Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .url(SITE.parse().unwrap())
        .provider(provider)
        .pages(Pages::new().sign_in("login"))
        .build();
    let reasons = reasons(built);
    for word in
        ["https", "client id", "`state`", "`nonce`", "`max_age`", "nowhere", "Never", "login"]
    {
        assert!(reasons.iter().any(|reason| reason.contains(word)), "{word}: {reasons:#?}");
    }
    assert_eq!(reasons.len(), 8, "{reasons:#?}");
}

/// RFC 6265bis section 5.7, with the suffixes that the names below are made of.
fn browser_takes(host: &str, domain: &str) -> bool {
    let domain = domain.strip_prefix('.').unwrap_or(domain).to_ascii_lowercase();
    let is_suffix =
        matches!(domain.as_str(), "com" | "co.com" | "uk" | "co.uk" | "io" | "github.io" | "test");
    let matches = host == domain || host.ends_with(&format!(".{domain}"));
    !is_suffix && matches && !domain.is_empty()
}

#[test]
fn r196_the_verdict_on_a_domain_is_a_browsers() {
    let mut numbers = Numbers(196);
    let (mut taken, mut refused) = (0, 0);
    for _ in 0..1000 {
        let suffix = numbers.one_of(&["com", "co.uk", "github.io", "test"]);
        let name = |numbers: &mut Numbers| numbers.one_of(&["a", "b", "co", "github"]).to_owned();
        let mut host = format!("{}.{suffix}", name(&mut numbers));
        for _ in 0..numbers.below(3) {
            host = format!("{}.{host}", name(&mut numbers));
        }
        let labels: Vec<&str> = host.split('.').collect();
        let mut domain = labels[numbers.below(labels.len())..].join(".");
        match numbers.below(6) {
            0 => domain.insert_str(0, "a."),
            1 => domain.insert(0, 'a'),
            2 => domain.insert(0, '.'),
            3 => domain = domain.to_ascii_uppercase(),
            _ => {}
        }
        let is_taken = of_domain(&format!("https://{host}"), &domain).is_empty();
        assert_eq!(is_taken, browser_takes(&host, &domain), "{host} {domain}");
        if is_taken { taken += 1 } else { refused += 1 }
    }
    assert!(taken > 150 && refused > 150, "{taken} {refused}");
}
