//! Pushed authorization requests (RFC 9126): the parameters go to the provider directly.

use serde_json::json;
use typegate::provider::{
    Adjust as _, ClientAuthentication, OAuthClient, OAuthDefinition, OAuthKind, PrivateKey,
    Provider, PushedAuthorization,
};
use url::Url;

use super::support::{BASE, IdentityProvider, ORIGIN, World};

const LONG_SECRET: &str = "a client secret of at least 32 bytes";

fn always(oidc: impl Provider<Kind = OAuthKind>) -> OAuthDefinition {
    oidc.pushed_authorization(PushedAuthorization::Always).into_definition()
}

fn require(idp: &IdentityProvider) {
    idp.change(|idp| idp.document["require_pushed_authorization_requests"] = true.into());
}

#[tokio::test]
async fn parameters_are_pushed_where_that_is_required_or_wanted() {
    for (wanted, required) in [(true, false), (false, true)] {
        let mut world =
            World::with_provider(|oidc| if wanted { always(oidc) } else { oidc.into_definition() });
        if required {
            require(&world.idp);
        }
        let answer = world.browser.post("/api/auth/signin/idp?prompt=login", &[]).await;
        let url = Url::parse(answer.location()).unwrap();
        let names: Vec<_> = url.query_pairs().map(|(name, _)| name.into_owned()).collect();
        assert_eq!(names, ["client_id", "request_uri"]);
        let requests = world.idp.requests();
        let pushed = requests.iter().find(|request| request.url.path() == "/par").unwrap();
        assert_eq!(pushed.form["prompt"], "login");
        assert_eq!(pushed.form["code_challenge_method"], "S256");
        assert_eq!(pushed.form["redirect_uri"], format!("{BASE}/callback/idp"));
        assert!(pushed.headers.contains_key("authorization"));
        let back = world.idp.response(answer.location());
        assert_eq!(world.browser.bring(&back).await.location(), ORIGIN);
        // The reference is good once.
        assert!(world.idp.refuses(answer.location()));
    }
    let mut world = World::new();
    world.sign_in("idp").await;
    assert!(!world.idp.paths().contains(&"/par".to_owned()));
}

#[tokio::test]
async fn a_pushed_request_that_fails_starts_nothing() {
    let answers = [
        (400, r#"{"error":"invalid_request"}"#),
        (201, "{}"),
        (201, r#"{"request_uri":""}"#),
        (201, r#"{"request_uri":7}"#),
        (201, "<html>"),
        (307, ""),
    ];
    let no_endpoint = World::with_provider(always);
    no_endpoint.idp.change(|idp| {
        idp.document["pushed_authorization_request_endpoint"] = json!(null);
    });
    let broken = answers.map(|(status, body)| {
        let world = World::with_provider(always);
        world.idp.break_endpoint("/par", status, body);
        world
    });
    for mut world in [no_endpoint].into_iter().chain(broken) {
        let answer = world.browser.post("/api/auth/signin/idp", &[]).await;
        assert_eq!(answer.outline(), [format!("302 {BASE}/error?error=OAuthSignin")]);
    }
}

/// What the provider has to know of a client.
type Registration = fn(&IdentityProvider);

fn clients() -> Vec<(&'static str, OAuthClient, Registration)> {
    let nothing: Registration = |_| {};
    let long: Registration = |idp| idp.change(|idp| idp.client_secret = LONG_SECRET.into());
    let key = |pem: &str| PrivateKey::from_pem(pem).unwrap().key_id("own");
    let id = "client id";
    let secret = "s:e%c+r é/t";
    let with = |secret: &str, method| OAuthClient::new(id, secret.into()).authentication(method);
    vec![
        ("client_secret_basic", with(secret, ClientAuthentication::Basic), nothing),
        ("client_secret_post", with(secret, ClientAuthentication::Post), nothing),
        ("client_secret_jwt", with(LONG_SECRET, ClientAuthentication::SecretJwt), long),
        (
            "private_key_jwt",
            OAuthClient::with_private_key(id, key(include_str!("../data/keys/p256.pem"))).into(),
            |idp| knows(idp, "p256"),
        ),
        (
            "private_key_jwt",
            OAuthClient::with_private_key(id, key(include_str!("../data/keys/rsa.pem"))).into(),
            |idp| knows(idp, "rsa"),
        ),
        (
            "private_key_jwt",
            OAuthClient::with_private_key(id, key(include_str!("../data/keys/ed25519.pem"))).into(),
            |idp| knows(idp, "ed25519"),
        ),
        ("none", OAuthClient::public(id).into(), |idp| {
            idp.change(|idp| {
                idp.document["token_endpoint_auth_methods_supported"] = json!(["none"]);
            });
        }),
    ]
}

/// Registers the public half of a key of tests/data/keys.
fn knows(idp: &IdentityProvider, name: &str) {
    let keys: serde_json::Value =
        serde_json::from_str(include_str!("../data/keys/private.jwk.json")).unwrap();
    let mut key = keys[name].clone();
    let members = key.as_object_mut().unwrap();
    members.retain(|name, _| ["kty", "crv", "x", "y", "n", "e"].contains(&name.as_str()));
    members.insert("kid".into(), "own".into());
    idp.change(|idp| idp.client_keys = json!({ "keys": [key] }));
}

#[tokio::test]
async fn r023_every_client_authentication_serves_both_endpoints() {
    for (name, client, prepare) in clients() {
        let mut world = World::with_provider(|oidc| always(oidc.client(client)));
        prepare(&world.idp);
        let answer = world.browser.post("/api/auth/signin/idp", &[]).await;
        let back = world.idp.response(answer.location());
        assert_eq!(world.browser.bring(&back).await.location(), ORIGIN, "{name}");
        let requests = world.idp.requests();
        let mut statements = std::collections::HashSet::new();
        let asked =
            requests.iter().filter(|request| ["/par", "/token"].contains(&request.url.path()));
        for request in asked {
            let has = |field: &str| request.form.contains_key(field);
            assert_eq!(request.headers.contains_key("authorization"), name.ends_with("basic"));
            assert_eq!(has("client_secret"), name.ends_with("post"));
            assert_eq!(has("client_assertion"), name.ends_with("jwt"));
            if let Some(statement) = request.form.get("client_assertion") {
                assert!(statements.insert(statement.clone()), "a statement was used twice");
            }
        }
    }
}

#[tokio::test]
async fn a_key_that_the_provider_does_not_know_signs_nobody_in() {
    let key = PrivateKey::from_pem(include_str!("../data/keys/p384.pem")).unwrap();
    let mut world =
        World::with_provider(|oidc| oidc.client(OAuthClient::with_private_key("client id", key)));
    knows(&world.idp, "p256");
    world.expect_refusal("another key").await;
}
