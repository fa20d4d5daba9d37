//! Federated sign-out: whoever signs out here signs out at the provider as well, where that is
//! wanted.

use serde_json::json;
use typegate::provider::{Adjust as _, Adjusted, Oidc};
use typegate::testing::IdentityProvider;
use typegate::{ClientSecret, Jwt, OAuthProvider};
use url::Url;

use super::support::{Database, ORIGIN, SECRET, World, parameter, seal, world};

const COOKIE: &str = "typegate.provider-session";
const GOODBYE: &str = "http://localhost:3000/goodbye";

fn told(oidc: Oidc) -> Adjusted<Oidc> {
    oidc.post_logout_redirect_uri(GOODBYE)
}

async fn sign_out<D>(world: &mut World<D>) -> String {
    let answer = world.browser.post("/api/auth/signout", &[("callbackUrl", "/bye")]).await;
    assert!(world.browser.jar.value(COOKIE).is_none());
    answer.location().to_owned()
}

#[tokio::test]
async fn the_browser_is_sent_on_to_the_end_session_endpoint() {
    let rows = Database::default();
    let (tokens, stored) = (Database::default(), rows.clone());
    for mut world in [
        World::with_provider(told),
        world!(told, site => site.adapter(tokens).session(Jwt::default()).build().unwrap()),
        world!(told, site => site.adapter(stored).build().unwrap()),
    ] {
        world.sign_in("idp").await;
        let address = sign_out(&mut world).await;
        let url = Url::parse(&address).unwrap();
        assert_eq!(&url[..url::Position::AfterPath], "https://id.example/logout");
        assert_eq!(parameter(&address, "client_id"), "client id");
        assert_eq!(parameter(&address, "post_logout_redirect_uri"), GOODBYE);
        assert_eq!(parameter(&address, "id_token_hint").split('.').count(), 3);
        assert_eq!(world.browser.session().await, json!({}));
        // Once.
        assert_eq!(sign_out(&mut world).await, format!("{ORIGIN}/bye"));
    }
}

#[tokio::test]
async fn r185_a_stale_cookie_does_not_keep_the_provider_from_being_told() {
    let mut world = World::with_provider(told);
    world.sign_in("idp").await;
    let good = world.browser.jar.value(COOKIE).unwrap().to_owned();
    world.browser.jar.remove(COOKIE);
    let line = format!("{COOKIE}=stale; {COOKIE}={good}");
    world.browser.headers.push((http::header::COOKIE, line.parse().unwrap()));
    assert!(sign_out(&mut world).await.starts_with("https://id.example/logout?"));
}

/// As one of the catalogue is, or one of the application's own.
#[derive(OAuthProvider)]
#[provider(id = "idp", name = "Acme", issuer = "https://id.example")]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

#[tokio::test]
async fn a_derived_provider_is_told_too() {
    let acme = |_: Oidc| {
        let acme = Acme::new(IdentityProvider::CLIENT_ID, IdentityProvider::CLIENT_SECRET.into());
        acme.post_logout_redirect_uri(GOODBYE).scope("openid profile")
    };
    let mut world = world!(acme, site => site.build().unwrap());
    world.sign_in("idp").await;
    let address = sign_out(&mut world).await;
    assert!(address.starts_with("https://id.example/logout?"), "{address}");
    assert_eq!(parameter(&address, "post_logout_redirect_uri"), GOODBYE);
}

#[tokio::test]
async fn a_token_too_long_for_a_cookie_is_left_out() {
    let mut world = World::with_provider(told);
    world.idp.change(|idp| drop(idp.claims.insert("groups", Some("x".repeat(4000).into()))));
    world.sign_in("idp").await;
    let address = sign_out(&mut world).await;
    assert_eq!(parameter(&address, "client_id"), "client id");
    assert!(!address.contains("id_token_hint"));
}

#[tokio::test]
async fn everybody_else_signs_out_here_only() {
    // A provider that is not told.
    let mut world = World::new();
    world.sign_in("idp").await;
    assert_eq!(sign_out(&mut world).await, format!("{ORIGIN}/bye"));

    // Signed in again by another provider, which is not told.
    let mut world = World::with_provider(told);
    world.sign_in("idp").await;
    world.sign_in("github").await;
    assert_eq!(sign_out(&mut world).await, format!("{ORIGIN}/bye"));

    // A provider without the endpoint, one that does not answer, a cookie of somebody else, and
    // cookies that are none.
    for spoil in 0..4 {
        let mut world = World::with_provider(told);
        if spoil == 0 {
            world.idp.change(|idp| idp.document["end_session_endpoint"] = json!(null));
        }
        world.sign_in("idp").await;
        let token = json!({ "provider": "idp", "user": "somebody else", "exp": 2_000_000_000 });
        match spoil {
            1 => {
                world.clock.advance(24 * 3600 + 1);
                world.idp.break_endpoint("/.well-known/openid-configuration", 500, "");
            }
            2 => world.browser.jar.plant(COOKIE, &seal(&token, SECRET, COOKIE)),
            3 => world.browser.jar.plant(COOKIE, "junk"),
            _ => {}
        }
        assert_eq!(sign_out(&mut world).await, format!("{ORIGIN}/bye"), "{spoil}");
        assert_eq!(world.browser.session().await, json!({}));
    }
}

#[tokio::test]
async fn r094_the_cookie_is_no_session_and_a_session_is_no_such_cookie() {
    let mut world = World::with_provider(told);
    world.sign_in("idp").await;
    let session = "next-auth.session-token";
    let values = [COOKIE, session].map(|name| world.browser.jar.value(name).unwrap().to_owned());
    world.browser.jar.plant(session, &values[0]);
    assert_eq!(world.browser.session().await, json!({}));
    world.browser.jar.plant(session, &values[1]);
    world.browser.jar.plant(COOKIE, &values[1]);
    assert_eq!(sign_out(&mut world).await, format!("{ORIGIN}/bye"));
}
