//! The built-in pages as answers, and the application's own in their place.

use html5gum::Token;
use http::Method;
use typegate::Pages;

use super::support::{BASE, ORIGIN, World, credentials, world};

fn start() -> World {
    world!(site => site.provider(credentials()).build().unwrap())
}

/// Name and attributes of each element of a page.
fn elements(html: &str) -> Vec<(String, Vec<(String, String)>)> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    html5gum::Tokenizer::new(html)
        .filter_map(|token| match token.unwrap() {
            Token::StartTag(tag) => {
                let attributes = tag.attributes.iter();
                let attributes = attributes.map(|(name, value)| (text(name), text(value)));
                Some((text(&tag.name), attributes.collect()))
            }
            _ => None,
        })
        .collect()
}

fn values(html: &str, name: &str) -> Vec<String> {
    let named = ("name".to_owned(), name.to_owned());
    let inputs = elements(html).into_iter().filter(|(_, attributes)| attributes.contains(&named));
    inputs
        .map(|(_, attributes)| attributes.into_iter().find(|(name, _)| name == "value").unwrap().1)
        .collect()
}

#[tokio::test]
async fn the_sign_in_page_carries_token_and_decided_address() {
    let mut world = start();
    let token = world.browser.csrf_token().await;
    let page = world.browser.get("/api/auth/signin?callbackUrl=%2Fnext").await;
    assert_eq!(values(page.text(), "csrfToken"), [&*token, &*token, &*token]);
    let next = format!("{ORIGIN}/next");
    assert_eq!(values(page.text(), "callbackUrl"), [&*next, &*next]);
    let actions: Vec<String> = elements(page.text())
        .into_iter()
        .filter(|(name, _)| name == "form")
        .flat_map(|(_, attributes)| attributes)
        .filter(|(name, _)| name == "action")
        .map(|(_, value)| value)
        .collect();
    let expected = ["signin/idp", "signin/github", "callback/credentials"];
    assert_eq!(actions, expected.map(|action| format!("{BASE}/{action}")));
}

#[tokio::test]
async fn r142_the_query_does_not_replace_what_a_page_says() {
    let mut world = start();
    let token = world.browser.csrf_token().await;
    let plain = world.browser.get("/api/auth/signin").await;
    for name in ["csrfToken", "providers", "theme", "url", "error[]", "baseUrl", "title"] {
        for query in [format!("{name}=x"), format!("{name}=x&{name}=y"), format!("{name}=")] {
            let page = world.browser.get(&format!("/api/auth/signin?{query}")).await;
            assert_eq!(page.text(), plain.text(), "{query}");
            let page = world.browser.get(&format!("/api/auth/signout?{query}")).await;
            assert_eq!(values(page.text(), "csrfToken"), [&*token], "{query}");
        }
    }
    for query in ["error=a&error=b", "email=a&email=b", "error", "&&&=&"] {
        let page = world.browser.get(&format!("/api/auth/signin?{query}")).await;
        assert_eq!(page.outline(), ["200 page Sign In"], "{query}");
    }
}

#[tokio::test]
async fn r141_markup_of_a_stranger_makes_no_element() {
    let mut world = start();
    let names =
        |text: &str| -> Vec<String> { elements(text).into_iter().map(|(name, _)| name).collect() };
    let with_error = names(world.browser.get("/api/auth/signin?error=x").await.text());
    let plain = names(world.browser.get("/api/auth/signin").await.text());
    for attack in [
        "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E",
        "%27%3E%3Csvg%2Fonload%3Dalert(1)%3E",
        "%3C%2Fstyle%3E%3Cb%3E",
        "%00%3Ci%3E",
    ] {
        let page = world.browser.get(&format!("/api/auth/signin?error={attack}")).await;
        assert_eq!(names(page.text()), with_error);
        for name in ["email", "providers", "theme"] {
            let page = world.browser.get(&format!("/api/auth/signin?{name}={attack}")).await;
            assert_eq!(names(page.text()), plain);
        }
        let page = world.browser.get(&format!("/api/auth/signin?callbackUrl=%2F{attack}")).await;
        assert_eq!(names(page.text()), plain);
        let page = world.browser.get(&format!("/api/auth/error?error={attack}")).await;
        assert_eq!(page.status(), 200);
        assert!(!page.text().contains("alert"));
    }
}

#[tokio::test]
async fn the_error_page_answers_as_the_table_says() {
    let mut world = start();
    for code in [
        "Signin",
        "OAuthSignin",
        "OAuthCallback",
        "OAuthCreateAccount",
        "EmailCreateAccount",
        "Callback",
        "OAuthAccountNotLinked",
        "EmailSignin",
        "CredentialsSignin",
        "SessionRequired",
    ] {
        let answer = world.browser.get(&format!("/api/auth/error?error={code}")).await;
        assert_eq!(answer.location(), format!("{BASE}/signin?error={code}"));
        let lower = code.to_lowercase();
        let answer = world.browser.get(&format!("/api/auth/error?error={lower}")).await;
        assert_eq!(answer.outline(), ["200 page Error"], "{lower}");
    }
    for (codes, status, text) in [
        (["Configuration", "configuration", "CONFIGURATION"], 500, "Server error"),
        (["AccessDenied", "accessdenied", "ACCESSDENIED"], 403, "Access Denied"),
        (["Verification", "verification", "VERIFICATION"], 403, "no longer valid"),
        (["constructor", "__proto__", "Anything"], 200, "localhost:3000"),
    ] {
        for code in codes {
            let answer = world.browser.get(&format!("/api/auth/error?error={code}")).await;
            assert_eq!(answer.status(), status, "{code}");
            assert!(answer.text().contains(text), "{code}");
        }
    }
    assert_eq!(world.browser.get("/api/auth/error").await.outline(), ["200 page Error"]);
}

#[tokio::test]
async fn the_sign_in_page_explains_errors_as_the_table_says() {
    let mut world = start();
    let other = "Try signing in with a different account.";
    for (code, text) in [
        ("Signin", other),
        ("OAuthSignin", other),
        ("OAuthCallback", other),
        ("OAuthCreateAccount", other),
        ("EmailCreateAccount", other),
        ("Callback", other),
        (
            "OAuthAccountNotLinked",
            "To confirm your identity, sign in with the same account you used originally.",
        ),
        ("EmailSignin", "The e-mail could not be sent."),
        ("CredentialsSignin", "Sign in failed. Check the details you provided are correct."),
        ("SessionRequired", "Please sign in to access this page."),
        ("oauthcallback", "Unable to sign in."),
        ("toString", "Unable to sign in."),
    ] {
        let page = world.browser.get(&format!("/api/auth/signin?error={code}")).await;
        assert_eq!(page.status(), 200);
        assert!(page.text().contains(&format!("<p>{text}</p>")), "{code}");
    }
    for query in ["", "?error="] {
        let page = world.browser.get(&format!("/api/auth/signin{query}")).await;
        assert!(!page.text().contains("role=\"alert\""));
    }
}

fn with_pages() -> World {
    let pages = Pages::new()
        .sign_in("/login?lang=en")
        .sign_out("/bye")
        .error("/oops?from=auth")
        .verify_request("https://mail.example/sent");
    world!(site => site.provider(credentials()).pages(pages).build().unwrap())
}

#[tokio::test]
async fn the_applications_pages_are_reached_in_two_hops() {
    let mut world = with_pages();
    let callback_url = "callbackUrl=http%3A%2F%2Flocalhost%3A3000";
    world.browser.csrf_token().await;
    for (path, place) in [
        ("signin", format!("/login?lang=en&{callback_url}")),
        ("signin?callbackUrl=%2Fa%3Fb", format!("/login?lang=en&{callback_url}%2Fa%3Fb")),
        (
            "signin?callbackUrl=%2F&error=Callback",
            format!("/login?lang=en&{callback_url}%2F&error=Callback"),
        ),
        ("signin/github", format!("/login?lang=en&{callback_url}%2F&error=github")),
        ("signin?error=", format!("/login?lang=en&{callback_url}%2F")),
        ("signout", "/bye".to_owned()),
        ("verify-request?provider=email&type=email", "https://mail.example/sent".to_owned()),
        ("error", "/oops?from=auth".to_owned()),
        ("error?error=AccessDenied", "/oops?from=auth&error=AccessDenied".to_owned()),
        ("error?error=OAuthCallback", format!("{BASE}/signin?error=OAuthCallback")),
    ] {
        let answer = world.browser.get(&format!("/api/auth/{path}")).await;
        assert_eq!(answer.location(), place, "{path}");
    }
    // A failure goes over the error page to the application's sign-in page.
    world.idp.break_endpoint("/token", 500, "");
    let answer = world.sign_in("idp").await;
    let one = world.browser.get(answer.location()).await;
    let two = world.browser.get(one.location()).await;
    let place = format!("/login?lang=en&{callback_url}%2Fnext&error=OAuthCallback");
    assert_eq!(two.location(), place);
}

#[tokio::test]
async fn r145_no_parameter_can_be_smuggled_into_a_pages_address() {
    let mut world = with_pages();
    let attack = "a%26callbackUrl%3Dhttps%3A%2F%2Fevil.example%23x%0D%0A";
    for path in ["signin", "error"] {
        let answer = world.browser.get(&format!("/api/auth/{path}?error={attack}")).await;
        assert!(answer.location().ends_with(&format!("&error={attack}")), "{}", answer.location());
        assert_eq!(
            answer.location().matches("&callbackUrl").count(),
            usize::from(path == "signin")
        );
    }
    let answer = world.browser.get(&format!("/api/auth/signin/{attack}")).await;
    assert!(answer.location().ends_with(&format!("&error={attack}")), "{}", answer.location());
}

#[tokio::test]
async fn a_configuration_error_goes_to_the_applications_page_unless_that_asks_for_a_sign_in() {
    let mut world = with_pages();
    for path in ["signin", "signout", "error", "verify-request"] {
        let answer = world.browser.get(&format!("/api/auth/{path}?callbackUrl=junk")).await;
        assert_eq!(answer.outline(), ["302 /oops?from=auth&error=Configuration"], "{path}");
    }
    let answer = world.browser.request(Method::POST, "/api/auth/signin?callbackUrl=junk", None, "");
    assert_eq!(answer.await.status(), 500);
    world.lines.take();
    let pages = Pages::new().error("https://app.example");
    let mut world = world!(site => site.pages(pages).build().unwrap());
    let answer = world.browser.get("/api/auth/signin?callbackUrl=https://app.example:x").await;
    assert_eq!(answer.outline(), ["500 page Error"]);
    assert_eq!(world.lines.codes(), ["INVALID_CALLBACK_URL_ERROR", "AUTH_ON_ERROR_PAGE_ERROR"]);
}

#[tokio::test]
async fn r144_pages_cannot_be_framed_and_run_nothing() {
    let mut world = start();
    for path in ["signin", "signout", "error", "verify-request"] {
        let page = world.browser.get(&format!("/api/auth/{path}")).await;
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("script"));
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        assert!(elements(page.text()).iter().all(|(name, attributes)| {
            name != "script" && !attributes.iter().any(|(name, _)| name.starts_with("on"))
        }));
    }
}
