//! The client that there is for a provider: how it authenticates, which endpoints it has, and what
//! there is none for.

use serde_json::{Value, json};
use typegate::error::Level;
use typegate::oauth2::{
    AccessToken, ConfigurationError, DeviceAuthorizationUrl, StandardDeviceAuthorizationResponse,
};
use typegate::provider::catalog::TwitterLegacy;
use typegate::provider::{
    Adjust as _, ClientAuthentication, Email, GeneratedSecret, OAuthClient, OAuthDefinition, Oidc,
    PrivateKey, Provider as _, TokenEndpoint,
};
use typegate::testing::IdentityProvider;
use typegate::{Jwt, OAuth2ClientError};

use super::super::support::{Database, ORIGIN, World, credentials, world};
use super::{BASIC, all_sent, client};

type Change = Box<dyn FnOnce(Oidc) -> OAuthDefinition>;

fn with(client: impl Into<OAuthClient>) -> Change {
    let client = client.into();
    Box::new(|oidc| oidc.client(client).into_definition())
}

fn key() -> PrivateKey {
    PrivateKey::from_pem(include_str!("../../data/keys/p256.pem")).unwrap()
}

/// What a client credentials request says of the client: the header and the form.
async fn proof(change: Change, methods: Option<Value>) -> (Option<String>, String) {
    let world = World::with_provider(change);
    if let Some(methods) = methods {
        world.idp.change(|idp| idp.document["token_endpoint_auth_methods_supported"] = methods);
    }
    let idp = client(&world).await;
    world.idp.requests();
    let request = idp.client.exchange_client_credentials();
    let _ = request.request_async(&idp.http_client).await;
    let (_, _, headers, body) = all_sent(&world).pop().unwrap();
    let header = headers.into_iter().find(|(name, _)| name == "authorization");
    (header.map(|(_, value)| value), body.replace("grant_type=client_credentials", ""))
}

#[tokio::test]
async fn the_client_authenticates_as_for_a_sign_in() {
    use ClientAuthentication::{Automatic, Basic, None as NoProof, Post};

    let (id, secret) = (IdentityProvider::CLIENT_ID, IdentityProvider::CLIENT_SECRET);
    let by = |method| with(OAuthClient::new(id, secret.into()).authentication(method));
    let basic = (Some(BASIC.to_owned()), String::new());
    let post = "&client_id=client+id&client_secret=s%3Ae%25c%2Br+%C3%A9%2Ft";
    let post = (None, post.to_owned());
    let none = (None, "&client_id=client+id".to_owned());
    let only_post = || Some(json!(["private_key_jwt", "client_secret_post"]));
    let both = || Some(json!(["client_secret_post", "client_secret_basic"]));

    assert_eq!(proof(by(Automatic), None).await, basic);
    assert_eq!(proof(by(Automatic), both()).await, basic);
    assert_eq!(proof(by(Automatic), only_post()).await, post);
    assert_eq!(proof(by(Basic), only_post()).await, basic);
    assert_eq!(proof(by(Post), None).await, post);
    assert_eq!(proof(by(NoProof), None).await, none);
    assert_eq!(proof(with(OAuthClient::public(id)), Some(json!(["none"]))).await, none);

    // Apple's, which its revocation endpoint wants too.
    let generated = GeneratedSecret::signed_by("team", key()).for_audience("https://id.example");
    let generated = OAuthClient::with_generated_secret(id, generated).authentication(Post);
    let (header, form) = proof(with(generated), None).await;
    assert_eq!(header, None);
    let secret = form.strip_prefix("&client_id=client+id&client_secret=").unwrap();
    assert_eq!(secret.split('.').count(), 3);
}

#[tokio::test]
async fn what_the_crate_cannot_express_is_refused_and_not_sent_wrong() {
    let id = "client id";
    let jwt = OAuthClient::new(id, "a client secret of at least 32 bytes".into());
    let endpoint = |endpoint: TokenEndpoint| -> Change {
        Box::new(|oidc| oidc.token_endpoint(endpoint).into_definition())
    };
    let cases: [(Change, &str); 7] = [
        (with(OAuthClient::with_private_key(id, key())), "`private_key_jwt`"),
        (with(jwt.authentication(ClientAuthentication::SecretJwt)), "`client_secret_jwt`"),
        (endpoint(TokenEndpoint::new().query("v", "5.131")), "differ from RFC 6749"),
        (endpoint(TokenEndpoint::new().header("x-a", "b")), "differ from RFC 6749"),
        (endpoint(TokenEndpoint::new().form("a", "b")), "differ from RFC 6749"),
        (endpoint(TokenEndpoint::new().only_declared_form()), "differ from RFC 6749"),
        (endpoint(TokenEndpoint::new().select("/user")), "differ from RFC 6749"),
    ];
    for (change, expected) in cases {
        let world = World::with_provider(change);
        let error = world.auth.oauth2_client("idp").await.unwrap_err().to_string();
        assert!(error.contains("`idp`") && error.contains(expected), "{error}");
        assert!(world.idp.paths().iter().all(|path| path.starts_with("/.well-known")));
    }
}

#[tokio::test]
async fn other_kinds_of_providers_have_no_client() {
    let email = Email::new(|_| async { Ok(()) });
    let world = world!(site => site
        .adapter(Database::default())
        .session(Jwt::default())
        .provider(TwitterLegacy::new("key", "secret".into()))
        .provider(email)
        .provider(credentials())
        .build()
        .unwrap());
    for (id, expected) in [
        (
            "twitter",
            "the provider `twitter` does not speak OAuth 2.0, it is of the kind OAuth 1.0a",
        ),
        ("email", "the provider `email` does not speak OAuth 2.0, it is of the kind e-mail"),
        (
            "credentials",
            "the provider `credentials` does not speak OAuth 2.0, it is of the kind credentials",
        ),
        ("no\nbody", "there is no provider with the id `no\\nbody`"),
        ("IDP", "there is no provider with the id `IDP`"),
    ] {
        let error = world.auth.oauth2_client(id).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}

#[tokio::test]
async fn endpoints_of_plain_oauth_are_the_callers() {
    let world = World::new();
    let github = world.auth.oauth2_client("github").await.unwrap();
    let token = AccessToken::new("gho_1".into());
    for error in [
        github.client.introspect(&token).map(drop).unwrap_err(),
        github.client.revoke_token((&token).into()).map(drop).unwrap_err(),
        github.client.exchange_device_code().map(drop).unwrap_err(),
    ] {
        assert!(matches!(error, ConfigurationError::MissingUrl(_)), "{error}");
    }
    assert!(world.github.requests().is_empty(), "there is nothing to discover");

    let path = "https://github.com/login/device/code";
    world.github.change(|idp| idp.document["device_authorization_endpoint"] = path.into());
    let url = DeviceAuthorizationUrl::new(path.to_owned()).unwrap();
    let client = github.client.set_device_authorization_url(url);
    let request = client.exchange_device_code();
    let shown: StandardDeviceAuthorizationResponse =
        request.request_async(&github.http_client).await.unwrap();
    assert_eq!(shown.user_code().secret(), "WDJB-0001");
    assert_eq!(world.github.paths(), ["/login/device/code"]);
}

/// What a document may say of an endpoint that no sign-in uses.
#[tokio::test]
async fn an_endpoint_that_cannot_be_used_is_missing_and_stops_nobody() {
    for (value, complaint) in [
        (json!("http://id.example/revoke"), Some("is not https, but `http://id.example/revoke`")),
        (json!("http://localhost/revoke"), Some("is not https, but `http://localhost/revoke`")),
        (json!("ftp://id.example/revoke"), Some("is not https, but `ftp://id.example/revoke`")),
        (json!("/revoke"), Some("is not an absolute URL, but `/revoke`")),
        (json!(""), Some("is not an absolute URL, but ``")),
        (json!(["https://id.example/revoke"]), Some("is not a text")),
        (json!(false), Some("is not a text")),
        (json!(null), None),
    ] {
        for member in
            ["device_authorization_endpoint", "introspection_endpoint", "revocation_endpoint"]
        {
            let mut world = World::new();
            world.idp.change(|idp| idp.document[member] = value.clone());
            assert_eq!(world.sign_in("idp").await.location(), format!("{ORIGIN}/next"));
            world.lines.take();
            let idp = client(&world).await;
            let missing = [
                ("device_authorization_endpoint", idp.client.exchange_device_code().is_err()),
                ("introspection_endpoint", idp.client.introspection_url().is_none()),
                ("revocation_endpoint", idp.client.revocation_url().is_none()),
            ];
            for (name, is_missing) in missing {
                assert_eq!(is_missing, name == member, "{name} with {member}: {value}");
            }
            let lines = world.lines.take();
            let said = complaint.map(|complaint| {
                format!("the discovered `{member}` {complaint}, so it counts as missing")
            });
            let messages: Vec<_> = lines.iter().map(|line| line.message.clone()).collect();
            assert_eq!(messages, Vec::from_iter(said));
            for line in lines {
                let about = (line.level, line.code.as_str(), line.provider.as_deref());
                assert_eq!(about, (Level::Warn, "DOUBTFUL_SETTING", Some("idp")));
            }
        }
    }
}

#[tokio::test]
async fn an_outage_of_discovery_is_told_and_over_when_it_is_over() {
    let world = World::new();
    world.idp.break_endpoint("/.well-known/openid-configuration", 503, "{}");
    let error = world.auth.oauth2_client("idp").await.unwrap_err();
    assert!(matches!(error, OAuth2ClientError::Metadata { .. }));
    assert_eq!(error.to_string(), "the endpoints of the provider `idp` are not known");
    world.idp.change(|idp| idp.broken.clear());
    // An answer that was no good is not asked for again at once.
    world.clock.advance(60);
    client(&world).await;
}
