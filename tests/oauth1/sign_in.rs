//! The start of a sign-in by OAuth 1.0a: the request token (RFC 5849 section 2.1).

use std::collections::HashSet;

use typegate::provider::SignatureMethod;

use super::provider::{CLIENT_SECRET, REQUEST_TOKEN, REQUEST_TOKEN_SECRET, form};
use super::world::{BASE, Trails, World, query};

const FAILED: &str = "https://app.example.com/api/auth/error?error=OAuthSignin";
const CODES: [&str; 2] = ["GET_AUTHORIZATION_URL_ERROR", "SIGNIN_OAUTH_ERROR"];

#[tokio::test]
async fn r165_the_request_token_is_asked_for_with_a_right_signature() {
    let mut world = World::new();
    world.start().await;
    let asked = world.provider.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].path, "/request_token");
    assert_eq!(asked[0].accept, "*/*");
    let callback = format!("{BASE}/callback/trails");
    assert_eq!(asked[0].parameter("oauth_callback"), Some(callback.as_str()));
    assert_eq!(asked[0].parameter("oauth_version"), Some("1.0A"));
    assert_eq!(asked[0].parameter("oauth_timestamp"), Some("1700000000"));
    assert_eq!(asked[0].parameter("oauth_token"), None);
}

#[tokio::test]
async fn r165_a_wrong_secret_makes_a_signature_that_is_refused() {
    for signature in [SignatureMethod::HmacSha1, SignatureMethod::Plaintext] {
        let secret = format!("{CLIENT_SECRET} ");
        let mut world = World::with(Trails { secret, signature, ..Trails::default() });
        assert_eq!(world.start().await, FAILED);
        assert_eq!(world.lines.codes(), CODES);
        assert!(world.check_cookie().is_none());
        assert!(world.provider.asked().is_empty());
    }
}

#[tokio::test]
async fn r166_nonces_of_a_sign_in_do_not_repeat() {
    let mut world = World::new();
    world.start().await;
    world.come_back_rightly().await;
    let asked = world.provider.asked();
    let nonces: HashSet<_> = asked.iter().map(|asked| asked.parameter("oauth_nonce")).collect();
    assert_eq!((asked.len(), nonces.len()), (3, 3));
}

#[tokio::test]
async fn r167_the_callback_must_be_confirmed() {
    for confirmation in [None, Some("false"), Some("TRUE"), Some("")] {
        let mut world = World::new();
        let mut pairs = vec![("oauth_token", "t"), ("oauth_token_secret", "s")];
        pairs.extend(confirmation.map(|text| ("oauth_callback_confirmed", text)));
        world.provider.request_token(200, form(&pairs));
        assert_eq!(world.start().await, FAILED, "{confirmation:?}");
        assert_eq!(world.lines.codes(), CODES);
        assert!(world.check_cookie().is_none());
    }
}

#[tokio::test]
async fn r169_the_browser_gets_the_token_and_nothing_else_of_the_answer() {
    let mut world = World::new();
    let address = world.start_with("?oauth_callback=https://evil.example&prompt=none").await;
    assert!(address.starts_with("https://provider.example/authorize?"), "{address}");
    let expected = [("perms", "read"), ("oauth_token", REQUEST_TOKEN)];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(query(&address), expected);
    let cookie = world.check_cookie().unwrap();
    assert!(!cookie.contains(REQUEST_TOKEN_SECRET) && !cookie.contains("request"));
    assert!(!world.provider.asked()[0].parameters.iter().any(|(_, value)| value.contains("evil")));
}

#[tokio::test]
async fn r169_no_secret_is_logged() {
    let mut world = World::new();
    world.provider.request_token(401, format!("no: {REQUEST_TOKEN_SECRET} {CLIENT_SECRET}"));
    assert_eq!(world.start().await, FAILED);
    let log = world.lines.text();
    assert!(log.contains("401"), "{log}");
    assert!(!log.contains(REQUEST_TOKEN_SECRET) && !log.contains(CLIENT_SECRET), "{log}");
}

#[tokio::test]
async fn r025_r029_answers_that_are_none_end_the_sign_in() {
    let confirmed = "&oauth_callback_confirmed=true";
    let long = "x".repeat(3000);
    for (status, body) in [
        (302, String::new()),
        (307, format!("oauth_token=t&oauth_token_secret=s{confirmed}")),
        (500, "<html>oops</html>".into()),
        (200, String::new()),
        (200, "<html>oops</html>".into()),
        (200, format!("oauth_token=&oauth_token_secret=s{confirmed}")),
        (200, format!("oauth_token=t{confirmed}")),
        (200, format!("oauth_token=t&oauth_token=u&oauth_token_secret=s{confirmed}")),
        (200, format!("oauth_token={long}&oauth_token_secret=s{confirmed}")),
    ] {
        let mut world = World::new();
        world.provider.request_token(status, body.clone());
        assert_eq!(world.start().await, FAILED, "{body}");
        assert_eq!(world.lines.codes(), CODES);
    }
}

/// JSON writes a control character as six: such a token is short, and its cookie was dropped by the
/// browser, so that the way back failed without a word about the cause.
#[tokio::test]
async fn r187_a_token_that_no_cookie_carries_is_refused_where_it_comes() {
    let confirmed = "&oauth_callback_confirmed=true";
    for (length, is_good) in [(10, true), (200, true), (600, false), (2000, false)] {
        let mut world = World::new();
        let secret = "%17".repeat(length);
        let answer = format!("oauth_token=t&oauth_token_secret={secret}{confirmed}");
        world.provider.request_token(200, answer);
        let location = world.start().await;
        assert_eq!(location != FAILED, is_good, "{length}");
        assert_eq!(world.check_cookie().is_some(), is_good, "{length}");
        assert_eq!(world.lines.codes(), if is_good { &[][..] } else { &CODES[..] });
    }
}

/// The flow starts only for a form of this site.
#[tokio::test]
async fn r001_without_a_csrf_token_nobody_is_asked() {
    let mut world = World::new();
    let request = http::Request::post("/api/auth/signin/trails");
    let response = world.send(request, String::new()).await;
    assert!(super::world::location(&response).ends_with("/signin?csrf=true"));
    assert!(world.provider.asked().is_empty());
}

/// What a page may say about the provider's own form; v4 sends it along with the request for the
/// token, where X does not look for it.
#[tokio::test]
async fn a_page_says_who_is_asked_for_the_password_again() {
    let mut world = World::new();
    let asked = "?force_login=true&screen_name=a%26b%20c&lang=de&oauth_token=other&x_auth=1";
    let address = world.start_with(asked).await;
    let expected = [
        ("perms", "read"),
        ("oauth_token", REQUEST_TOKEN),
        ("force_login", "true"),
        ("screen_name", "a&b c"),
        ("lang", "de"),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(query(&address), expected);
    let of_token = &world.provider.asked()[0].parameters;
    assert!(!of_token.iter().any(|(name, _)| name == "force_login"), "{of_token:?}");
    world.come_back_rightly().await;
    assert!(world.lines.codes().is_empty());
}
