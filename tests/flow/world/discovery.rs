//! The discovery document and the keys: kept or not, outages, and answers that are refused.

use serde_json::json;

use super::site::{user_of, warning, warnings};
use crate::support::{BASE, World, world};

const DOCUMENT: &str = "/.well-known/openid-configuration";
const CODE: &str = "PROVIDER_OUTAGE_WARNING";

async fn start(world: &mut World) -> String {
    world.browser = world.another_browser();
    world.browser.post("/api/auth/signin/idp", &[]).await.location().to_owned()
}

#[tokio::test]
async fn an_outage_is_outlived_and_said() {
    let mut world = World::new();
    user_of(&mut world, "idp").await;
    world.clock.advance(3601);
    world.idp.change(|idp| {
        idp.broken.insert(DOCUMENT, None);
        idp.broken.insert("/keys", Some((502, "text/html", "<h1>Bad gateway</h1>".into())));
    });
    let again = "could not be fetched again, and the last good one is used";
    let document =
        warning(CODE, "idp", &format!("the discovery document {again}: the connection was reset"));
    let keys = warning(CODE, "idp", &format!("the key set {again}: the provider answered 502"));
    let away = start(&mut world).await;
    assert_eq!(warnings(&world.lines), std::slice::from_ref(&document));
    let back = world.idp.response(&away);
    let answer = world.browser.bring(&back).await;
    assert_eq!(answer.location(), crate::support::ORIGIN);
    assert_eq!(warnings(&world.lines), [document, keys]);
}

/// A page of a proxy is an outage; a document of somebody else is none, and no older one hides it.
#[tokio::test]
async fn a_refused_document_is_no_outage() {
    for (change, why) in [
        (json!({ "issuer": "https://evil.example" }), "is of the issuer"),
        (json!({ "token_endpoint": "http://id.example/token" }), "`token_endpoint` is not https"),
        (json!({ "authorization_endpoint": null }), "has no `authorization_endpoint`"),
    ] {
        let mut world = World::new();
        user_of(&mut world, "idp").await;
        world.clock.advance(3601);
        world.idp.change(|idp| {
            for (name, value) in change.as_object().unwrap() {
                idp.document[name] = value.clone();
            }
        });
        for _ in 0..2 {
            assert_eq!(start(&mut world).await, format!("{BASE}/error?error=OAuthSignin"));
            let said = world.lines.take();
            assert!(said.iter().all(|line| line.message.contains(why)), "{said:?}");
        }
        world.idp.break_endpoint(DOCUMENT, 200, "<h1>We are back soon</h1>");
        assert!(start(&mut world).await.starts_with("https://id.example/authorize"));
        assert_eq!(warnings(&world.lines)[0].0, CODE);
    }
}

#[tokio::test]
async fn a_refused_key_set_is_no_outage() {
    let mut world = World::new();
    user_of(&mut world, "idp").await;
    world.clock.advance(3601);
    world.idp.change(|idp| idp.keys = json!({ "keys": {} }));
    world.browser = world.another_browser();
    world.expect_refusal("no key set").await;
    let said = world.lines.take();
    assert!(said[0].message.ends_with("the answer is not a JWK set"), "{said:?}");
}

/// v4's way to the letter: everything is asked for each time, and what fails has failed.
#[tokio::test]
async fn with_a_lifetime_of_0_the_provider_is_asked_each_time() {
    let mut world = world!(site => site.provider_metadata_lifetime(0).build().unwrap());
    for _ in 0..2 {
        world.browser = world.another_browser();
        let answer = world.browser.post("/api/auth/signin/idp", &[]).await;
        assert_eq!(world.idp.paths(), [DOCUMENT]);
        let back = world.idp.response(answer.location());
        world.browser.bring(&back).await;
        assert_eq!(world.idp.paths(), [DOCUMENT, "/token", "/keys"]);
        assert_ne!(world.browser.session().await, json!({}));
    }
    // A key that was changed a moment ago is no unknown one.
    world.browser = world.another_browser();
    let back = world.go_away("idp").await;
    world.idp.change(|idp| {
        idp.header["kid"] = "two".into();
        idp.keys = json!({ "keys": [crate::support::rsa_key("two")] });
    });
    world.browser.bring(&back).await;
    assert_eq!(world.idp.paths(), [DOCUMENT, "/token", "/keys"]);
    assert_ne!(world.browser.session().await, json!({}));
    world.idp.break_endpoint(DOCUMENT, 503, "{}");
    assert_eq!(start(&mut world).await, format!("{BASE}/error?error=OAuthSignin"));
}
