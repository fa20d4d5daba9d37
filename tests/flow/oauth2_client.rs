//! Flows that are no sign-in, by the crate `oauth2` over typegate's HTTP client: client credentials,
//! device code, introspection, revocation.

use std::cell::RefCell;
use std::time::Duration;

use serde_json::{Value, json};
use typegate::error::Level;
use typegate::oauth2::{
    AccessToken, AsyncHttpClient as _, ConfigurationError, DeviceAuthorizationUrl,
    DeviceCodeErrorResponseType, RefreshToken, RequestTokenError, RevocationUrl, Scope,
    StandardDeviceAuthorizationResponse, TokenIntrospectionResponse as _, TokenResponse as _,
};
use typegate::provider::catalog::TwitterLegacy;
use typegate::provider::{
    ClientAuthentication, Email, GeneratedSecret, OAuthClient, Oidc, PrivateKey, TokenEndpoint,
};
use typegate::testing::IdentityProvider;
use typegate::{Jwt, OAuth2Client, OAuth2ClientError, OAuth2HttpError};

use super::support::{Database, NOW, ORIGIN, Received, World, credentials, world};

/// The id `client id` and the secret `s:e%c+r é/t`, each form-encoded (RFC 6749 section 2.3.1).
const BASIC: &str = "Basic Y2xpZW50K2lkOnMlM0FlJTI1YyUyQnIrJUMzJUE5JTJGdA==";

async fn client(world: &World) -> OAuth2Client {
    world.auth.oauth2_client("idp").await.unwrap()
}

/// A request, whole: method, address, headers in alphabetical order, body.
type Sent = (String, String, Vec<(String, String)>, String);

fn sent(request: &Received) -> Sent {
    let headers = request.headers.iter();
    let mut headers: Vec<_> = headers
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    headers.sort();
    let body = std::str::from_utf8(&request.body).unwrap().to_owned();
    (request.method.to_string(), request.url.to_string(), headers, body)
}

/// A form that a client with a secret posts.
fn form(path: &str, body: &str) -> Sent {
    let headers = [
        ("accept", "application/json"),
        ("authorization", BASIC),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    ("POST".to_owned(), format!("https://id.example{path}"), headers, body.to_owned())
}

fn discovery() -> Sent {
    let headers = vec![("accept".to_owned(), "application/json".to_owned())];
    let url = "https://id.example/.well-known/openid-configuration";
    ("GET".to_owned(), url.to_owned(), headers, String::new())
}

fn all_sent(world: &World) -> Vec<Sent> {
    world.idp.requests().iter().map(sent).collect()
}

/// What the provider says of a token.
async fn is_active(idp: &OAuth2Client, token: &str) -> bool {
    let token = AccessToken::new(token.to_owned());
    let request = idp.client.introspect(&token).unwrap();
    request.request_async(&idp.http_client).await.unwrap().active()
}

#[tokio::test]
async fn client_credentials() {
    let world = World::new();
    let idp = client(&world).await;
    let scopes = ["jobs:read", "jobs:write"].map(|scope| Scope::new(scope.to_owned()));
    let request = idp.client.exchange_client_credentials().add_scopes(scopes);
    let tokens = request.request_async(&idp.http_client).await.unwrap();
    assert_eq!(tokens.access_token().secret(), "at-secret-1");
    assert_eq!(tokens.expires_in(), Some(Duration::from_secs(3600)));
    assert!(tokens.refresh_token().is_none());
    let body = "grant_type=client_credentials&scope=jobs%3Aread+jobs%3Awrite";
    assert_eq!(all_sent(&world), [discovery(), form("/token", body)]);

    // A refusal is the crate's own error, and the client is good for another request.
    world.idp.change(|idp| idp.client_secret = "another".into());
    let request = idp.client.exchange_client_credentials();
    let error = request.request_async(&idp.http_client).await.unwrap_err();
    let RequestTokenError::ServerResponse(answer) = error else { panic!("{error:?}") };
    assert_eq!(answer.error().as_ref(), "invalid_client");
    assert_eq!(all_sent(&world), [form("/token", "grant_type=client_credentials")]);
}

/// Begins with a device that shows a code.
async fn device(idp: &OAuth2Client) -> StandardDeviceAuthorizationResponse {
    let request = idp.client.exchange_device_code().unwrap();
    let request = request.add_scope(Scope::new("openid".into()));
    request.request_async(&idp.http_client).await.unwrap()
}

#[tokio::test]
async fn device_code() {
    let world = World::new();
    let idp = client(&world).await;
    let shown = device(&idp).await;
    assert_eq!(shown.user_code().secret(), "WDJB-0001");
    assert_eq!(shown.verification_uri().as_str(), "https://id.example/device");
    assert_eq!(shown.interval(), Duration::from_secs(5));

    // Twice it waits too short, the second time by what it was told, and then somebody agrees.
    let waited = RefCell::new(Vec::new());
    let sleep = |interval: Duration| {
        let times = waited.borrow().len();
        waited.borrow_mut().push(interval.as_secs());
        world.clock.advance([0, 9, 15][times]);
        if times == 2 {
            assert!(!world.idp.enter_user_code("WDJB-0002", true), "no device shows that");
            assert!(world.idp.enter_user_code("WDJB-0001", true));
        }
        std::future::ready(())
    };
    let request = idp.client.exchange_device_access_token(&shown);
    let tokens = request.request_async(&idp.http_client, sleep, None).await.unwrap();
    assert_eq!(tokens.access_token().secret(), "at-secret-2");
    assert_eq!(tokens.refresh_token().unwrap().secret(), "rt-secret-2");
    assert_eq!(*waited.borrow(), [5, 10, 15]);

    let grant = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code";
    let poll = format!("grant_type={grant}&device_code=dc-secret-1");
    let mut expected = vec![discovery(), form("/device_authorization", "scope=openid")];
    expected.extend(vec![form("/token", &poll); 4]);
    assert_eq!(all_sent(&world), expected);

    // The refresh token is one of a sign-in's kind.
    let request = tokens.refresh_token().unwrap();
    let request = idp.client.exchange_refresh_token(request);
    let fresh = request.request_async(&idp.http_client).await.unwrap();
    assert_eq!(fresh.access_token().secret(), "at-secret-3");
}

#[tokio::test]
async fn a_device_gets_nothing_without_consent_and_nothing_twice() {
    let world = World::new();
    let idp = client(&world).await;
    let (no, late) = (device(&idp).await, device(&idp).await);
    let ask = async |shown: &StandardDeviceAuthorizationResponse| {
        let request = idp.client.exchange_device_access_token(shown);
        let never = |_| async { panic!("it asks again") };
        let error = request.request_async(&idp.http_client, never, None).await.unwrap_err();
        let RequestTokenError::ServerResponse(answer) = error else { panic!("{error:?}") };
        answer.error().clone()
    };
    assert!(world.idp.enter_user_code(no.user_code().secret(), false));
    assert_eq!(ask(&no).await, DeviceCodeErrorResponseType::AccessDenied);
    let again = ask(&no).await;
    assert_eq!(again.as_ref(), "invalid_grant");

    world.clock.advance(600);
    assert!(!world.idp.enter_user_code(late.user_code().secret(), true));
    assert_eq!(ask(&late).await, DeviceCodeErrorResponseType::ExpiredToken);
}

/// A client that cannot prove itself is for people only (RFC 6749 section 4.4).
#[tokio::test]
async fn a_public_client_speaks_for_people_and_not_for_itself() {
    let world = World::with_provider(|oidc| oidc.client(OAuthClient::public("client id")));
    world.idp.change(|idp| {
        idp.document["token_endpoint_auth_methods_supported"] = json!(["none"]);
    });
    let idp = client(&world).await;
    let request = idp.client.exchange_client_credentials();
    let error = request.request_async(&idp.http_client).await.unwrap_err();
    let RequestTokenError::ServerResponse(answer) = error else { panic!("{error:?}") };
    assert_eq!(answer.error().as_ref(), "unauthorized_client");

    let shown = device(&idp).await;
    assert!(world.idp.enter_user_code(shown.user_code().secret(), true));
    let request = idp.client.exchange_device_access_token(&shown);
    let sleep = |_| std::future::ready(());
    request.request_async(&idp.http_client, sleep, None).await.unwrap();
    let last = world.idp.requests().pop().unwrap();
    assert!(!last.headers.contains_key("authorization"));
    assert_eq!(last.form["client_id"], "client id");
}

#[tokio::test]
async fn introspection() {
    let world = World::new();
    let idp = client(&world).await;
    let scope = Scope::new("jobs:read".into());
    let request = idp.client.exchange_client_credentials().add_scope(scope.clone());
    let tokens = request.request_async(&idp.http_client).await.unwrap();
    world.idp.requests();
    let request = idp.client.introspect(tokens.access_token()).unwrap();
    let answer = request.request_async(&idp.http_client).await.unwrap();
    assert_eq!(
        serde_json::to_value(&answer).unwrap(),
        json!({
            "active": true,
            "client_id": "client id",
            "exp": NOW + 3600,
            "iat": NOW,
            "iss": "https://id.example",
            "scope": "jobs:read",
            "sub": "client id",
            "token_type": "bearer",
        })
    );
    assert_eq!(answer.scopes(), Some(&vec![scope]));
    assert_eq!(all_sent(&world), [form("/introspect", "token=at-secret-1")]);

    assert!(!is_active(&idp, "somebody else's").await);
    world.clock.advance(3600);
    assert!(!is_active(&idp, "at-secret-1").await);
}

#[tokio::test]
async fn revocation() {
    let adapter = Database::default();
    let mut world = world!(site => site.adapter(adapter).session(Jwt::default()).build().unwrap());
    world.sign_in("idp").await;
    let idp = client(&world).await;
    // Those of the person who signed in, and one of the client's own.
    let request = idp.client.exchange_client_credentials();
    let own = request.request_async(&idp.http_client).await.unwrap();
    let request = idp.client.exchange_client_credentials();
    let other = request.request_async(&idp.http_client).await.unwrap();
    assert!(is_active(&idp, "at-secret-1").await && is_active(&idp, "rt-secret-1").await);
    world.idp.requests();

    let revoke = async |token| {
        let request = idp.client.revoke_token(token).unwrap();
        request.request_async(&idp.http_client).await
    };
    revoke(own.access_token().into()).await.unwrap();
    let body = "token=at-secret-2&token_type_hint=access_token";
    assert_eq!(all_sent(&world), [form("/revoke", body)]);
    assert!(!is_active(&idp, "at-secret-2").await);
    assert!(is_active(&idp, "at-secret-1").await);

    // With a refresh token its access tokens end (RFC 7009 section 2.1).
    revoke(RefreshToken::new("rt-secret-1".into()).into()).await.unwrap();
    assert!(!is_active(&idp, "rt-secret-1").await && !is_active(&idp, "at-secret-1").await);
    assert!(is_active(&idp, other.access_token().secret()).await);
    // What nobody knows has ended already (section 2.2).
    revoke(RefreshToken::new("rt-secret-1".into()).into()).await.unwrap();

    world.idp.change(|idp| idp.client_secret = "another".into());
    assert!(revoke(own.access_token().into()).await.is_err());
}

type Change = Box<dyn FnOnce(Oidc) -> Oidc>;

fn with(client: impl Into<OAuthClient>) -> Change {
    let client = client.into();
    Box::new(|oidc| oidc.client(client))
}

fn key() -> PrivateKey {
    PrivateKey::from_pem(include_str!("../data/keys/p256.pem")).unwrap()
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
    let generated = GeneratedSecret::new("team", "https://id.example", key());
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
    let endpoint =
        |endpoint: TokenEndpoint| -> Change { Box::new(|oidc| oidc.token_endpoint(endpoint)) };
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
        (json!("http://id.example/revoke"), Some("is not https")),
        (json!("ftp://id.example/revoke"), Some("is not https")),
        (json!("/revoke"), Some("is not a URL")),
        (json!(""), Some("is not a URL")),
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

#[tokio::test]
async fn nothing_is_sent_over_http_but_on_this_machine() {
    let world = World::new();
    let idp = client(&world).await;
    let hosts = ["id.example", "localhost.id.example", "localhost", "127.0.0.1", "[::1]"];
    world.idp.change(|idp| idp.hosts = hosts.map(Into::into).to_vec());
    world.idp.requests();
    for (address, refused) in [
        ("https://id.example/keys", None),
        ("http://localhost:4000/keys", None),
        ("http://127.0.0.1:4000/keys", None),
        ("http://[::1]/keys", None),
        ("http://id.example/keys?code=s3cr3t", Some("`http://id.example` is not https")),
        ("http://localhost.id.example/keys", Some("`http://localhost.id.example` is not https")),
    ] {
        let request = http::Request::get(address).header("accept", "application/json");
        let answer = idp.http_client.call(request.body(Vec::new()).unwrap()).await;
        match refused {
            None => assert_eq!(answer.unwrap().status(), 200, "{address}"),
            Some(refused) => {
                let error = answer.unwrap_err();
                assert!(matches!(error, OAuth2HttpError::NotHttps { .. }));
                let expected = format!("{refused} (http is accepted for loopback hosts only)");
                assert_eq!(error.to_string(), expected);
            }
        }
        assert_eq!(world.idp.requests().len(), usize::from(refused.is_none()), "{address}");
    }

    // So it is with an address of the application's own.
    let url = DeviceAuthorizationUrl::new("http://id.example/device".to_owned()).unwrap();
    let client = idp.client.clone().set_device_authorization_url(url);
    let answer: Result<StandardDeviceAuthorizationResponse, _> =
        client.exchange_device_code().request_async(&idp.http_client).await;
    let error = answer.unwrap_err();
    assert!(matches!(error, RequestTokenError::Request(OAuth2HttpError::NotHttps { .. })));
    // The crate itself revokes over https only, on this machine too.
    let url = RevocationUrl::new("http://127.0.0.1:4000/revoke".to_owned()).unwrap();
    let client = idp.client.clone().set_revocation_url(url);
    let error = client.revoke_token(AccessToken::new("at".into()).into()).map(drop).unwrap_err();
    assert!(matches!(error, ConfigurationError::InsecureUrl(_)));
    assert!(world.idp.requests().is_empty());
}

#[tokio::test]
async fn a_broken_connection_is_an_error_with_its_cause() {
    let world = World::new();
    let idp = client(&world).await;
    world.idp.change(|idp| drop(idp.broken.insert("/token", None)));
    let request = idp.client.exchange_client_credentials();
    let error = request.request_async(&idp.http_client).await.unwrap_err();
    let RequestTokenError::Request(error) = error else { panic!("{error:?}") };
    assert!(matches!(error, OAuth2HttpError::NoAnswer(_)));
    let cause = std::error::Error::source(&error).unwrap();
    assert_eq!(cause.to_string(), "the connection was reset");
}

#[tokio::test]
async fn the_secret_is_not_printed() {
    let world = World::new();
    let idp = client(&world).await;
    let printed = format!("{idp:?}");
    assert!(printed.contains("client id") && !printed.contains("s:e%c"), "{printed}");
}
