//! Error responses: the identity provider sends the browser back with an `error` (RFC 6749 section
//! 4.1.2.1).

use serde_json::json;
use url::Url;

use super::support::{BASE, World, error, refused};

#[tokio::test]
async fn r015_a_refusal_ends_the_attempt_and_no_session() {
    let mut world = World::new();
    world.sign_in("idp").await;
    let session = world.browser.session().await;
    let before = world.browser.jar.value("next-auth.session-token").map(ToOwned::to_owned);

    let back = Url::parse(&world.start("idp").await).unwrap();
    let state = back.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let markup = "%3Cscript%3Ealert(1)%3C/script%3E%0D%0AERROR%20forged";
    let address = format!(
        "/api/auth/callback/idp?error=access_denied&error_description={markup}\
         &error_uri={markup}&state={state}"
    );
    let answer = world.browser.get(&address).await;
    assert_eq!(answer.outline(), refused("Callback"));
    let lines = world.lines.take();
    let codes: Vec<&str> = lines.iter().map(|line| &*line.code).collect();
    assert_eq!(codes, ["OAUTH_CALLBACK_HANDLER_ERROR", "OAUTH_CALLBACK_ERROR"]);
    for line in lines {
        assert_eq!(line.provider.as_deref(), Some("idp"));
        assert!(line.message.contains("access_denied"));
        assert!(!line.message.contains(['\r', '\n']));
    }
    assert!(world.idp.requests().is_empty());
    let after = world.browser.jar.value("next-auth.session-token").map(ToOwned::to_owned);
    assert_eq!(after, before);
    assert_eq!(world.browser.session().await["user"], session["user"]);

    let page = world.browser.get(&format!("{BASE}/error?error=Callback")).await;
    let page = world.browser.get(page.location()).await;
    assert!(page.text().contains("Try signing in with a different account."));
}

#[tokio::test]
async fn r015_an_error_without_our_state_is_noise() {
    let mut world = World::new();
    let back = world.start("idp").await;
    for query in ["error=access_denied", "error=access_denied&state=wrong", "error="] {
        let answer = world.browser.get(&format!("/api/auth/callback/idp?{query}")).await;
        assert_eq!(answer.outline(), [error("Callback")], "{query}");
    }
    // The attempt under way goes on.
    world.browser.get(&back).await;
    assert_eq!(world.browser.session().await["user"]["name"], "Jane Doe");
}

#[tokio::test]
async fn an_error_comes_by_form_post_too_and_is_json_where_json_is_wanted() {
    let mut world = World::new();
    let fields = [("error", "access_denied"), ("json", "true")];
    let answer = world.browser.submit("/api/auth/callback/idp", &fields).await;
    assert_eq!(answer.json(), json!({ "url": format!("{BASE}/error?error=Callback") }));
    assert_eq!(world.browser.session().await, json!({}));
}

#[tokio::test]
async fn r159_what_a_stranger_writes_cannot_forge_a_line() {
    let mut world = World::new();
    for text in ["a%0D%0Ab", "%1B[31mred", "%E2%80%AEevil", "%00"] {
        for name in ["error", "error_description", "code", "state", "iss"] {
            let address = format!("/api/auth/callback/idp?error=x&{name}={text}");
            world.browser.get(&address).await;
            world.browser.get(&format!("/api/auth/callback/idp?{name}={text}")).await;
        }
        world.browser.get(&format!("/api/auth/error?error={text}")).await;
        world.browser.get(&format!("/api/auth/signin?callbackUrl={text}")).await;
    }
    let lines = world.lines.take();
    assert!(lines.len() > 40);
    for line in lines {
        let is_bad = |c: char| c.is_control() || c == '\u{202e}';
        assert!(!line.message.contains(is_bad) && !line.code.contains(is_bad), "{line:?}");
    }
}

/// RFC 9207 section 2.4.
#[tokio::test]
async fn r013_a_refusal_of_another_issuer_ends_no_attempt() {
    for (issuer, ends) in [
        ("", true),
        ("&iss=https://id.example", true),
        ("&iss=https://evil.example", false),
        ("&iss=https://id.example/", false),
        ("&iss=https://id.example&iss=https://id.example", false),
    ] {
        let mut world = World::new();
        let back = world.start("idp").await;
        let state = super::support::parameter(&back, "state");
        let address = format!("/api/auth/callback/idp?error=access_denied&state={state}{issuer}");
        let answer = world.browser.get(&address).await;
        assert_eq!(answer.outline()[0], error("Callback"), "{issuer}");
        assert_eq!(answer.outline().len() > 1, ends, "{issuer}");
        let goes_on = world.browser.get(&back).await.location().ends_with("/next");
        assert_eq!(goes_on, !ends, "{issuer}");
    }
}
