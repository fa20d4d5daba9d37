//! The discovery document and the keys: kept or not, outages, and answers that are refused.

use serde_json::json;
use typegate::SignatureAlgorithm;
use typegate::provider::{
    Adjust as _, Endpoints, OAuthClient, OAuthDefinition, Oidc, ProfileMapper, Provider as _,
    PushedAuthorization, StandardClaims, UserInfoEndpoint,
};

use super::site::{user_of, warning, warnings};
use crate::support::{BASE, IdentityProvider, Parts, World, client_of, site, world};

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
    let document = warning(
        CODE,
        "idp",
        &format!(
            "the discovery document {again}: GET https://id.example/.well-known/openid-configuration: the connection was reset"
        ),
    );
    let keys = warning(
        CODE,
        "idp",
        &format!(
            "the key set {again}: GET https://id.example/keys: the provider answered 502 with a web \
             page"
        ),
    );
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
        (json!({ "token_endpoint": "/token" }), "`token_endpoint` is not an absolute URL"),
        (json!({ "jwks_uri": null }), "has no `jwks_uri`"),
        (json!({ "jwks_uri": 7 }), "`jwks_uri` is not a text"),
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

#[tokio::test]
async fn r208_a_document_that_came_by_https_names_no_http_endpoint() {
    for address in
        ["http://127.0.0.1:9/x", "http://localhost/x", "http://[::1]/x", "http://id.example/x"]
    {
        for member in ["authorization_endpoint", "token_endpoint", "jwks_uri"] {
            let mut world = World::new();
            world.idp.change(|idp| idp.document[member] = address.into());
            assert_eq!(start(&mut world).await, format!("{BASE}/error?error=OAuthSignin"));
            let said = world.lines.take().pop().unwrap().message;
            let why = format!("`{member}` is not https, but `{address}`");
            assert!(said.contains(&why), "{said}");
        }
        // Nobody asks these, so they cost nobody the sign-in.
        for member in ["userinfo_endpoint", "end_session_endpoint"] {
            let mut world = World::new();
            world.idp.change(|idp| idp.document[member] = address.into());
            user_of(&mut world, "idp").await;
            world.browser = world.another_browser();
            let said = format!(
                "the discovered `{member}` is not https, but `{address}`, so it counts as missing"
            );
            world.clock.advance(3601);
            start(&mut world).await;
            assert!(world.lines.take().is_empty(), "it is said once: {said}");
        }
    }
    let mut world = World::new();
    world.idp.change(|idp| idp.document["end_session_endpoint"] = "/logout".into());
    start(&mut world).await;
    let said = "the discovered `end_session_endpoint` is not an absolute URL, but `/logout`, so it \
                counts as missing";
    assert_eq!(warnings(&world.lines), [warning("DOUBTFUL_SETTING", "idp", said)]);
    // The loud option takes it, and so does a provider that is on this machine itself.
    let mut world = World::with_provider(|oidc| oidc.dangerously_allow_http(true));
    let address = "http://127.0.0.1:9/authorize";
    world.idp.change(|idp| idp.document["authorization_endpoint"] = address.into());
    assert!(start(&mut world).await.starts_with(address));
    let mut parts = Parts::new();
    parts.idp = IdentityProvider::at("http://127.0.0.1:9", &parts.clock);
    let auth = site!(parts.clock)
        .provider(parts.idp.oidc())
        .http_client(client_of(&[&parts.idp]))
        .logger(parts.lines.clone())
        .build()
        .unwrap();
    user_of(&mut parts.into_world(auth), "idp").await;
}

#[tokio::test]
async fn r208_what_a_sign_in_needs_is_looked_for_before_it_begins() {
    type Change = fn(Oidc) -> OAuthDefinition;
    let oidc: Change = Oidc::into_definition;
    let with_user_info: Change = |oidc| oidc.fetch_user_info(true).into_definition();
    let pushed: Change =
        |oidc| oidc.pushed_authorization(PushedAuthorization::Always).into_definition();
    let by_secret: Change =
        |oidc| oidc.id_token_algorithm(SignatureAlgorithm::Hs256).into_definition();
    for (change, member, is_needed) in [
        (oidc, "jwks_uri", true),
        (by_secret, "jwks_uri", false),
        (oidc, "userinfo_endpoint", false),
        (with_user_info, "userinfo_endpoint", true),
        (oidc, "pushed_authorization_request_endpoint", false),
        (pushed, "pushed_authorization_request_endpoint", true),
        (oidc, "end_session_endpoint", false),
        (oidc, "token_endpoint", true),
    ] {
        for odd in [json!(null), json!(7), json!("keys")] {
            let mut world = World::with_provider(change);
            world.idp.change(|idp| idp.document[member] = odd.clone());
            let is_begun = start(&mut world).await.starts_with("https://id.example/authorize");
            assert_eq!(is_begun, !is_needed, "{member} {odd}");
            assert_eq!(world.idp.paths(), [DOCUMENT]);
            if is_needed {
                let said = world.lines.take().pop().unwrap().message;
                assert!(said.contains(&format!("`{member}`")), "{said}");
            }
        }
    }
}

/// Where all endpoints are declared nothing is discovered, so what they lack is known at the start.
#[test]
fn r208_what_a_declared_provider_lacks_is_refused_by_build() {
    type Change = fn(Oidc) -> OAuthDefinition;
    let with_user_info: Change = |oidc| oidc.fetch_user_info(true).into_definition();
    let pushed: Change =
        |oidc| oidc.pushed_authorization(PushedAuthorization::Always).into_definition();
    let told: Change =
        |oidc| oidc.post_logout_redirect_uri("https://app.example.com/").into_definition();
    type Declare = fn(Endpoints) -> Endpoints;
    let user_info: Declare = |all| all.userinfo_endpoint("https://id.example/userinfo");
    let push: Declare = |all| all.pushed_authorization_request_endpoint("https://id.example/par");
    let logout: Declare = |all| all.end_session_endpoint("https://id.example/logout");
    for (change, declare, lacks) in [
        (with_user_info, user_info, "`userinfo_endpoint`, and `fetch_user_info` asks it"),
        (
            pushed,
            push,
            "`pushed_authorization_request_endpoint`, and `pushed_authorization` is `always`",
        ),
        (told, logout, "`end_session_endpoint`, and `post_logout_redirect_uri` is sent there"),
    ] {
        let parts = Parts::new();
        let build = |declare: Declare| {
            let oidc = change(parts.idp.oidc()).endpoints(move |all| declare(declared(all)));
            site!(parts.clock).provider(oidc).build().map(drop)
        };
        let error = build(|all| all).unwrap_err().to_string();
        let expected = format!(
            "the provider `idp` has no {lacks}: declare it; nothing is discovered where \
             `authorization_endpoint`, `token_endpoint` and `jwks_uri` are declared"
        );
        assert!(error.contains(&expected), "{error}");
        build(declare).unwrap();
    }
    let plain = OAuthDefinition::builder()
        .id("acme")
        .name("Acme")
        .client(OAuthClient::new("a", "b".into()))
        .endpoints(
            Endpoints::oauth2()
                .authorization_endpoint("https://acme.example/authorize")
                .token_endpoint("https://acme.example/token")
                .userinfo_endpoint("https://acme.example/me")
                .build(),
        )
        .user_info_endpoint(UserInfoEndpoint::new().signed(SignatureAlgorithm::Rs256))
        .profile(ProfileMapper::of::<StandardClaims>())
        .build();
    let error = site!(Parts::new().clock).provider(plain).build().unwrap_err().to_string();
    let expected =
        "the provider `acme` has no `jwks_uri`, and its userinfo answer is signed: declare it";
    assert!(error.contains(expected) && !error.contains("discovered"), "{error}");
}

fn declared(all: Endpoints) -> Endpoints {
    all.authorization_endpoint("https://id.example/authorize")
        .token_endpoint("https://id.example/token")
        .jwks_uri("https://id.example/keys")
}

#[test]
fn an_issuer_with_a_placeholder_is_refused_by_build() {
    let parts = Parts::new();
    let oidc = parts.idp.oidc().endpoints(|all| all.issuer("https://id.example/{tenant}/v2.0"));
    let error = site!(parts.clock).provider(oidc).build().unwrap_err().to_string();
    assert!(error.contains("the issuer `https://id.example/{tenant}/v2.0`"), "{error}");
    assert!(error.contains("`tenant_claim`"), "{error}");
}
