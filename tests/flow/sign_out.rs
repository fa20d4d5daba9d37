//! The sign-out: `signout`.

use serde_json::json;

use super::support::{BASE, ORIGIN, World, credentials, world};

const NAME: &str = "next-auth.session-token";

async fn signed_in() -> World {
    let mut world = world!(site => site.provider(credentials()).build().unwrap());
    world.browser.sign_in_with_credentials().await;
    world
}

#[tokio::test]
async fn it_ends_the_session_and_goes_to_the_callback_url() {
    let mut world = signed_in().await;
    let answer = world.browser.post("/api/auth/signout", &[("callbackUrl", "/bye")]).await;
    assert_eq!(answer.outline(), [&format!("302 {ORIGIN}/bye"), "callback-url", "-session-token"]);
    assert_eq!(world.browser.session().await, json!({}));
    assert_eq!(world.browser.jar.names(), ["next-auth.csrf-token", "next-auth.callback-url"]);
}

#[tokio::test]
async fn it_answers_by_json_where_json_is_wanted() {
    let mut world = signed_in().await;
    let answer = world.browser.post("/api/auth/signout", &[("json", "true")]).await;
    assert_eq!(answer.outline(), [&format!("200 {{\"url\":\"{ORIGIN}\"}}"), "-session-token"]);
}

#[tokio::test]
async fn without_the_csrf_token_nobody_is_signed_out() {
    let mut world = signed_in().await;
    let place = format!("302 {BASE}/signout?csrf=true");
    assert_eq!(world.browser.submit("/api/auth/signout", &[]).await.outline(), [&*place]);
    let fields = [("csrfToken", "wrong"), ("json", "true")];
    let answer = world.browser.submit("/api/auth/signout", &fields).await;
    assert_eq!(answer.outline(), [format!("200 {{\"url\":\"{BASE}/signout?csrf=true\"}}")]);
    assert_eq!(world.browser.session().await["user"]["name"], "Ada Lovelace");
}

#[tokio::test]
async fn without_a_session_there_is_nothing_to_end() {
    let mut world = world!(site => site.provider(credentials()).build().unwrap());
    let answer = world.browser.post("/api/auth/signout", &[]).await;
    assert_eq!(answer.outline(), [format!("302 {ORIGIN}")]);
    assert!(world.lines.codes().is_empty());
}

#[tokio::test]
async fn a_broken_token_is_cleared_all_the_same() {
    let mut world = signed_in().await;
    for index in [0, 1] {
        world.browser.jar.plant(&format!("{NAME}.{index}"), "x");
    }
    world.browser.jar.plant(NAME, "broken");
    let answer = world.browser.post("/api/auth/signout", &[]).await;
    assert_eq!(
        answer.outline(),
        [&format!("302 {ORIGIN}"), "-session-token.0", "-session-token.1", "-session-token"]
    );
    assert_eq!(world.lines.codes(), ["SIGNOUT_ERROR"]);
}

#[tokio::test]
async fn r119_every_deletion_hits_its_cookie() {
    // The jar insists that a deletion has the place and the attributes of what it deletes.
    for path in ["/", "/api"] {
        use typegate::cookie::{CookieName, CookiePolicy, Cookies};

        let policy = |name: &str| CookiePolicy::new(CookieName::new(name).unwrap()).path(path);
        let cookies = Cookies::new()
            .session_token(policy("sid"))
            .state(policy("st"))
            .nonce(policy("no"))
            .pkce_code_verifier(policy("pk"));
        let mut world = world!(site => site.cookies(cookies).build().unwrap());
        let answer = world.sign_in("idp").await;
        assert_eq!(answer.outline()[1..], ["-st", "-pk", "-no", "sid"]);
        world.browser.post("/api/auth/signout", &[]).await;
        assert_eq!(world.browser.jar.names(), ["next-auth.csrf-token", "next-auth.callback-url"]);
    }
}
