//! Pages that no browser ever reaches.

use typegate::cookie::Cookies;
use typegate::{Auth, ClientAddressSource, Pages, Secret, TrustedProxy};

use crate::support::{Numbers, SECRET, built, reasons};

const SITE: &str = "https://app.example.com";

fn of(pages: impl Into<Pages>) -> Vec<String> {
    reasons(built(SITE, Cookies::new(), pages))
}

fn is_refused(pages: impl Into<Pages>, words: &[&str]) {
    let reasons = of(pages);
    assert_eq!(reasons.len(), 1, "{reasons:?}");
    for word in words {
        assert!(reasons[0].contains(word), "`{word}` is not in: {}", reasons[0]);
    }
}

#[test]
fn r196_no_spelling_of_a_built_in_page_redirects_to_itself() {
    for address in [
        "/api/auth/error",
        "/api/auth/error/",
        "/api/auth/%65rror",
        "/api/auth/%65%72ror",
        "/api/%61uth/error",
        "/api/auth//error",
        "//app.example.com/api/auth/error",
        "/api/auth/./error",
        "/api/auth/x/../error",
        "/api/auth/%2e/error",
        "/api/auth/x/%2E%2e/error",
        "/api\\auth\\error",
        "/api/au\tth/error",
        "/api/auth/error?x=y",
        "/api/auth/error#x",
        "/api/auth/error/x",
        "https://app.example.com/api/auth/error",
        "https://APP.example.com:443/api/auth/%65rror",
    ] {
        let reasons = of(Pages::new().error(address));
        assert_eq!(reasons.len(), 1, "{address}: {reasons:?}");
    }
    is_refused(
        Pages::new().error("/api/auth/%65rror"),
        &["`/api/auth/%65rror`", "itself", "leave it out"],
    );
    is_refused(Pages::new().sign_in("/api/auth/%73ignin"), &["sign-in", "itself"]);
    is_refused(Pages::new().sign_out("/api/auth/x/../signout"), &["sign-out", "itself"]);
    is_refused(Pages::new().verify_request("/api/auth/verify%2Drequest"), &["itself"]);
}

#[test]
fn r196_pages_that_lead_to_each_other_are_an_error() {
    // Failures of a sign-in are shown by the sign-in page, wherever they happened.
    is_refused(Pages::new().sign_in("/api/auth/error"), &["sign-in", "for ever"]);
    let both = of(Pages::new().sign_in("/api/auth/signout").sign_out("/api/auth/signin"));
    assert!(!both.is_empty() && both.iter().all(|reason| reason.contains("for ever")), "{both:?}");
    assert_eq!(of(Pages::new().error("/api/auth/signin")), Vec::<String>::new());
    assert_eq!(of(Pages::new().error("/api/auth/signin").sign_in("/login")), Vec::<String>::new());
}

#[test]
fn r196_a_page_is_a_page() {
    for address in [
        "",
        "login",
        "./login",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "http:login",
        "https:/\u{7f}",
        "/login\r\nSet-Cookie: a=b",
        "ftp://app.example.com/login",
        "?x=y",
        "#x",
    ] {
        let reasons = of(Pages::new().sign_in(address));
        assert_eq!(reasons.len(), 1, "{address:?}: {reasons:?}");
    }
    // What browsers read as another host although it begins like a path.
    for address in
        ["//evil.example/login", "/\\evil.example/login", "/\t/evil.example", "/\\\\x.example"]
    {
        is_refused(Pages::new().sign_in(address), &["sign-in", "such as /login"]);
    }
    for address in [
        "/api/auth/session",
        "/api/auth/csrf",
        "/api/auth/callback/github",
        "/api/auth",
        "/api/auth/ERROR",
    ] {
        is_refused(Pages::new().new_user(address), &["auth routes", address]);
    }
    for address in [
        "/login",
        "/login?from=auth",
        "/api/authors",
        "/é",
        "https://app.example.com/login",
        "https://www.example.com/login",
        "/api/auth/signin",
    ] {
        assert_eq!(of(Pages::new().new_user(address)), Vec::<String>::new(), "{address}");
    }
    is_refused(
        Pages::new().sign_in("https://ann:pw@app.example.com/login"),
        &["sign-in", "such as /login"],
    );
}

#[test]
fn r196_a_page_does_not_leave_https() {
    is_refused(Pages::new().error("http://www.example.com/oops"), &["error", "https"]);
    assert_eq!(of(Pages::new().sign_in("https://www.example.com/login")), Vec::<String>::new());
    assert_eq!(of(Pages::new().error("https://status.example.net/oops")), Vec::<String>::new());
    let local = built(
        "http://localhost:3001",
        Cookies::new(),
        Pages::new().sign_in("http://localhost:3000/login").error("http://127.0.0.1:3000/oops"),
    );
    assert_eq!(reasons(local), Vec::<String>::new());
}

/// Whatever a browser makes of the address: it is not the page that sent it there.
#[test]
fn r196_no_page_is_where_the_browser_came_from() {
    let mut numbers = Numbers(19_600);
    let (mut taken, mut refused) = (0, 0);
    for _ in 0..1000 {
        let mut address = String::new();
        for segment in ["api", "auth", "error"] {
            address.push_str(
                numbers.one_of(&["/", "/", "/", "//", "/./", "/x/../", "\\", "/%2e/", "/y/"]),
            );
            let at = numbers.below(segment.len());
            for (index, letter) in segment.chars().enumerate() {
                match numbers.below(12) {
                    0 if index == at => address.push_str(&format!("%{:02x}", u32::from(letter))),
                    1 if index == at => address.push_str(&format!("%{:02X}", u32::from(letter))),
                    2 if index == at => address.push(letter.to_ascii_uppercase()),
                    _ => address.push(letter),
                }
            }
        }
        address.push_str(numbers.one_of(&["", "", "?a=b", "#c", "/", "/.", "/z/.."]));
        let base = url::Url::parse(&format!("{SITE}/api/auth/error")).unwrap();
        let Ok(there) = base.join(&address) else { continue };
        let decoded = percent_encoding::percent_decode_str(there.path()).decode_utf8_lossy();
        let segments: Vec<&str> =
            decoded.split('/').filter(|segment| !segment.is_empty()).collect();
        let is_itself = there.host_str() == Some("app.example.com")
            && segments.starts_with(&["api", "auth", "error"]);
        let is_taken = of(Pages::new().error(&address)).is_empty();
        assert!(!(is_itself && is_taken), "{address}");
        if is_taken { taken += 1 } else { refused += 1 }
    }
    assert!(taken > 50 && refused > 150, "{taken} {refused}");
}

#[test]
fn r196_pages_behind_a_proxy_are_judged_by_their_paths() {
    let of = |pages: Pages| {
        let built = Auth::builder()
            .secret(Secret::new(SECRET).unwrap())
            .trust_proxy(TrustedProxy::hosts(["app.example.com"]).path("/auth"))
            .client_address(ClientAddressSource::forwarded_for(1))
            .provider(typegate::provider::catalog::GitHub::new("id", "s3cr3t".into()))
            .pages(pages)
            .build();
        reasons(built)
    };
    assert_eq!(of(Pages::new().error("/auth/%65rror").into()).len(), 1);
    assert_eq!(of(Pages::new().error("/api/auth/error").into()), Vec::<String>::new());
    assert_eq!(
        of(Pages::new().sign_in("https://www.example.com/login").into()),
        Vec::<String>::new()
    );
}
