//! The callback of a sign-in by OAuth 1.0a (RFC 5849 section 2.2), and the access token (section
//! 2.3).

use serde_json::json;
use typegate::adapter::{MemoryAdapter, SessionStore as _, UserAccountStore as _, UserStore as _};
use typegate::provider::SignatureMethod;
use typegate::testing::FrozenClock;
use typegate::{Auth, NewUser, Secret, SessionRecord, SessionToken};

use super::provider::{
    ACCESS_TOKEN, ACCESS_TOKEN_SECRET, REQUEST_TOKEN, REQUEST_TOKEN_SECRET, TestProvider, VERIFIER,
    form,
};
use super::world::{BASE, Lines, NOW, SITE, Trails, World};

const FAILED: &str = "https://app.example.com/api/auth/error?error=Callback";
const CODES: [&str; 2] = ["OAUTH_V1_GET_ACCESS_TOKEN_ERROR", "OAUTH_CALLBACK_ERROR"];
const RIGHT: [(&str, &str); 2] = [("oauth_token", REQUEST_TOKEN), ("oauth_verifier", VERIFIER)];

#[tokio::test]
async fn r165_somebody_signs_in_by_each_signature_method() {
    for signature in [SignatureMethod::HmacSha1, SignatureMethod::Plaintext] {
        let mut world = World::with(Trails { signature, ..Trails::default() });
        world.start().await;
        assert_eq!(world.come_back_rightly().await, format!("{SITE}/welcome"));
        assert_eq!(world.session().await["user"]["email"], "ada@example.com");
        assert!(world.check_cookie().is_none());
        assert_eq!(world.lines.codes(), Vec::<String>::new());
        let asked = world.provider.asked();
        let paths: Vec<_> = asked.iter().map(|asked| asked.path.as_str()).collect();
        assert_eq!(paths, ["/request_token", "/access_token", "/1.1/me.json"]);
        assert_eq!(asked[1].parameter("oauth_token"), Some(REQUEST_TOKEN));
        assert_eq!(asked[1].parameter("oauth_verifier"), Some(VERIFIER));
        assert_eq!(asked[2].parameter("oauth_token"), Some(ACCESS_TOKEN));
        assert_eq!(asked[2].parameter("oauth_verifier"), None);
    }
}

#[tokio::test]
async fn the_account_keeps_token_and_secret_only() {
    let accounts = super::configuration::accounts_after_a_sign_in().await;
    assert_eq!(accounts.len(), 1);
    assert_eq!(accounts[0].account_type.as_str(), "oauth");
    assert_eq!(accounts[0].provider, "trails");
    assert_eq!(accounts[0].provider_account_id, "42");
    assert_eq!(
        json!(accounts[0].tokens),
        json!({"oauth_token": ACCESS_TOKEN, "oauth_token_secret": ACCESS_TOKEN_SECRET})
    );
}

#[tokio::test]
async fn r168_another_browser_cannot_finish_the_sign_in() {
    let mut world = World::new();
    world.start().await;
    let started = std::mem::take(&mut world.cookies);
    assert_eq!(world.come_back_rightly().await, FAILED);
    assert_eq!(world.lines.codes(), CODES);
    assert_eq!(world.provider.asked().len(), 1, "the provider is not asked");

    // Nor with a cookie of another provider, or after the 15 minutes and the tolerance.
    world.cookies.clone_from(&started);
    let response = world.get(&format!("/api/auth/callback/other?{}", form(&RIGHT))).await;
    assert_eq!(super::world::location(&response), FAILED);
    world.cookies.clone_from(&started);
    world.clock.advance(15 * 60 + 15);
    assert_eq!(world.come_back_rightly().await, FAILED);
    assert_eq!(world.provider.asked().len(), 1);
    world.clock.advance(-15 * 60);
    world.cookies = started;
    assert_eq!(world.come_back_rightly().await, format!("{SITE}/welcome"));
}

#[tokio::test]
async fn r168_token_and_verifier_are_required_once() {
    for parameters in [
        &[("oauth_token", "unknown"), ("oauth_verifier", VERIFIER)][..],
        &[("oauth_token", "request token/1+e"), ("oauth_verifier", VERIFIER)],
        &[("oauth_verifier", VERIFIER)],
        &[("oauth_token", ""), ("oauth_verifier", VERIFIER)],
        &[("oauth_token", REQUEST_TOKEN)],
        &[("oauth_token", REQUEST_TOKEN), ("oauth_verifier", "")],
        &[("oauth_token", REQUEST_TOKEN), ("oauth_verifier", "a"), ("oauth_verifier", "b")],
        &[("oauth_token", REQUEST_TOKEN), ("oauth_token", "x"), ("oauth_verifier", VERIFIER)],
        &[("oauth_token", REQUEST_TOKEN), ("oauth_verifier", &"v".repeat(2000))],
        &[],
    ] {
        let mut world = World::new();
        world.start().await;
        assert_eq!(world.come_back(parameters).await, FAILED, "{parameters:?}");
        assert_eq!(world.lines.codes(), CODES);
        assert_eq!(world.provider.asked().len(), 1, "the provider is not asked");
        // A cookie is good for one callback, and a callback that names no attempt ends none.
        let names_it = parameters.iter().filter(|(name, _)| *name == "oauth_token");
        let names_it = names_it.map(|(_, token)| *token).eq([REQUEST_TOKEN]);
        assert_eq!(world.check_cookie().is_none(), names_it, "{parameters:?}");
    }
}

#[tokio::test]
async fn r168_a_callback_cannot_be_repeated() {
    let mut world = World::new();
    world.start().await;
    let welcome = world.come_back_rightly().await;
    // The back button of somebody who is signed in goes on, and nobody is asked again.
    assert_eq!(world.come_back_rightly().await, welcome);
    world.cookies.retain(|(name, _)| !name.contains("session-token"));
    assert_eq!(world.come_back_rightly().await, FAILED);
    assert_eq!(world.provider.asked().len(), 3);
}

#[tokio::test]
async fn r169_secrets_reach_neither_the_browser_nor_the_log() {
    let mut world = World::new();
    let secrets = format!("{REQUEST_TOKEN_SECRET} {ACCESS_TOKEN_SECRET}");
    for (status, body) in [(500, secrets.clone()), (200, secrets)] {
        world.provider.access_token(status, body);
        world.start().await;
        let address = world.come_back_rightly().await;
        assert_eq!(address, FAILED);
    }
    let log = world.lines.text();
    assert!(!log.contains(REQUEST_TOKEN_SECRET) && !log.contains(ACCESS_TOKEN_SECRET), "{log}");
    assert!(!log.contains(REQUEST_TOKEN) && !log.contains(VERIFIER), "{log}");
}

/// Two processes share the secret and nothing else; neither keeps anything of a started sign-in.
#[tokio::test]
async fn r157_r170_a_sign_in_goes_on_in_another_process() {
    let (mut first, mut second) = (World::new(), World::new());
    first.start().await;
    second.cookies = first.cookies;
    assert_eq!(second.come_back_rightly().await, format!("{SITE}/welcome"));
    assert_eq!(second.provider.asked().len(), 2);
}

#[tokio::test]
async fn r025_r029_failures_of_the_exchange_have_the_code_of_v4() {
    let token = form(&[("oauth_token", ACCESS_TOKEN), ("oauth_token_secret", ACCESS_TOKEN_SECRET)]);
    let deep = "[".repeat(10_000);
    for (status, body) in [
        (302, token.as_str()),
        (401, "oauth_problem=token_rejected"),
        (200, ""),
        (200, "oauth_token=t"),
        (200, "<html>"),
    ] {
        let mut world = World::new();
        world.provider.access_token(status, body);
        world.start().await;
        assert_eq!(world.come_back_rightly().await, FAILED, "{status} {body}");
        assert_eq!(world.lines.codes(), CODES);
    }
    for (status, body) in
        [(302, "{}"), (403, "{}"), (200, ""), (200, "[1]"), (200, "{"), (200, deep.as_str())]
    {
        let mut world = World::new();
        world.provider.profile(status, body);
        world.start().await;
        assert_eq!(world.come_back_rightly().await, FAILED, "{status} {body:.20}");
        assert_eq!(world.lines.codes(), CODES);
        assert_eq!(world.session().await, json!({}));
    }
}

/// The access token's secret, from an answer that was changed, signs the profile request wrongly.
#[tokio::test]
async fn r165_a_wrong_token_secret_makes_a_signature_that_is_refused() {
    let mut world = World::new();
    let answer = form(&[("oauth_token", ACCESS_TOKEN), ("oauth_token_secret", "another")]);
    world.provider.access_token(200, answer);
    world.start().await;
    assert_eq!(world.come_back_rightly().await, FAILED);
    assert_eq!(world.lines.codes(), CODES);
    assert_eq!(world.provider.asked().len(), 2);
}

#[tokio::test]
async fn a_profile_that_cannot_be_mapped_leads_to_the_sign_in_page() {
    for profile in [r#"{"name":"nobody"}"#, r#"{"id_str":""}"#] {
        let mut world = World::new();
        world.provider.profile(200, profile);
        world.start().await;
        assert_eq!(world.come_back_rightly().await, format!("{BASE}/signin"));
        assert_eq!(world.lines.codes(), ["OAUTH_PARSE_PROFILE_ERROR"]);
        assert!(world.check_cookie().is_none());
    }
}

#[tokio::test]
async fn a_refusal_ends_the_sign_in_of_this_browser_only() {
    let codes = ["OAUTH_CALLBACK_HANDLER_ERROR", "OAUTH_CALLBACK_ERROR"];
    for (parameters, ends) in [
        (&[("denied", REQUEST_TOKEN)][..], true),
        (&[("oauth_token", REQUEST_TOKEN), ("error", "access_denied")], true),
        (&[("denied", "of somebody else")], false),
        (&[("error", "access_denied")], false),
    ] {
        let mut world = World::new();
        world.start().await;
        assert_eq!(world.come_back(parameters).await, FAILED);
        assert_eq!(world.lines.codes(), codes);
        assert_eq!(world.check_cookie().is_none(), ends, "{parameters:?}");
        assert_eq!(world.provider.asked().len(), 1);
    }
}

#[tokio::test]
async fn r102_a_token_that_was_planted_is_not_the_session() {
    const NAME: &str = "__Secure-next-auth.session-token";
    let (provider, clock) = (TestProvider::new(), FrozenClock::at(NOW));
    let auth = Auth::builder()
        .secret(Secret::new("a secret for tests, long enough for all of us").unwrap())
        .url(SITE.parse().unwrap())
        .provider(Trails::default())
        .adapter(MemoryAdapter::new())
        .http_client(provider.client())
        .clock(clock.clone())
        .build()
        .unwrap();
    let mut tokens = vec!["planted".to_owned()];
    for _ in 0..3 {
        let cookies = vec![(NAME.to_owned(), "planted".to_owned())];
        let (auth, provider) = (auth.clone(), provider.clone());
        let clock = clock.clone();
        let mut world = World { auth, provider, clock, lines: Lines::default(), cookies };
        world.start().await;
        assert_eq!(world.come_back_rightly().await, format!("{SITE}/welcome"));
        let token = world.cookie(NAME).unwrap().to_owned();
        assert!(!tokens.contains(&token), "{token}");
        tokens.push(token);
        assert_eq!(world.session().await["user"]["email"], "ada@example.com");
        world.cookies = vec![(NAME.to_owned(), "planted".to_owned())];
        assert_eq!(world.session().await, json!({}));
    }
}

#[tokio::test]
async fn r203_a_request_token_of_another_browser_links_nothing_to_who_is_signed_in() {
    const SESSION: &str = "__Secure-next-auth.session-token";
    const CSRF: &str = "__Host-next-auth.csrf-token";
    for begins_here in [false, true] {
        let (provider, clock) = (TestProvider::new(), FrozenClock::at(NOW));
        let (rows, lines) = (MemoryAdapter::new(), Lines::default());
        let user = rows.create_user(NewUser::default()).await.unwrap();
        let expires = jiff::Timestamp::from_second(NOW + 3600).unwrap();
        let token = SessionToken::new("of-the-visitor");
        rows.create_session(SessionRecord::new(token, &user.id, expires)).await.unwrap();
        let auth = Auth::builder()
            .secret(Secret::new("a secret for tests, long enough for all of us").unwrap())
            .url(SITE.parse().unwrap())
            .provider(Trails::default())
            .adapter(rows.clone())
            .http_client(provider.client())
            .clock(clock.clone())
            .logger(lines.clone())
            .build()
            .unwrap();
        let mut world = World { auth, provider, clock, lines, cookies: Vec::new() };
        world.start().await;
        if !begins_here {
            world.cookies.retain(|(name, _)| name != CSRF);
            world.get("/api/auth/csrf").await;
        }
        world.lines.codes();
        world.cookies.push((SESSION.into(), "of-the-visitor".into()));
        let (goes_to, codes) = if begins_here {
            (format!("{SITE}/welcome"), &[][..])
        } else {
            (format!("{BASE}/error?error=OAuthCallback"), &["OAUTH_CALLBACK_ERROR"][..])
        };
        assert_eq!(world.come_back_rightly().await, goes_to);
        assert_eq!(world.lines.codes(), codes);
        let accounts = rows.accounts_of_user(&user.id).await.unwrap();
        assert_eq!(accounts.len(), usize::from(begins_here));
        assert_eq!(world.cookie(SESSION), Some("of-the-visitor"));
        assert!(rows.user_by_email("ada@example.com").await.unwrap().is_none());
    }
}
