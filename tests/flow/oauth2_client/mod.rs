//! Flows that are no sign-in, by the crate `oauth2` over typegate's HTTP client: client credentials,
//! device code, introspection, revocation.

mod registration;

use std::cell::RefCell;
use std::error::Error as _;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use serde_json::json;
use typegate::oauth2::{
    AccessToken, AsyncHttpClient as _, ConfigurationError, DeviceAuthorizationUrl,
    DeviceCodeErrorResponseType, RefreshToken, RequestTokenError, RevocationUrl, Scope,
    StandardDeviceAuthorizationResponse, TokenIntrospectionResponse as _, TokenResponse as _,
};
use typegate::provider::{Adjust as _, Endpoints, OAuthClient};
use typegate::testing::FakeHttpClient;
use typegate::{BoxError, Jwt, OAuth2Client, OAuth2HttpError};

use super::support::{Database, NOW, Parts, Received, World, site, world};

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
    let request = idp.client.exchange_refresh_token(tokens.refresh_token().unwrap());
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
    assert_eq!(ask(&no).await.as_ref(), "invalid_grant");

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
    // Those of the person who signed in, and two of the client's own.
    let own_token = async || {
        let request = idp.client.exchange_client_credentials();
        request.request_async(&idp.http_client).await.unwrap().access_token().clone()
    };
    let (own, other) = (own_token().await, own_token().await);
    assert!(is_active(&idp, "at-secret-1").await && is_active(&idp, "rt-secret-1").await);
    world.idp.requests();

    let revoke = async |token| {
        let request = idp.client.revoke_token(token).unwrap();
        request.request_async(&idp.http_client).await
    };
    revoke((&own).into()).await.unwrap();
    let body = "token=at-secret-2&token_type_hint=access_token";
    assert_eq!(all_sent(&world), [form("/revoke", body)]);
    assert!(!is_active(&idp, "at-secret-2").await);
    assert!(is_active(&idp, "at-secret-1").await);

    // With a refresh token its access tokens end (RFC 7009 section 2.1).
    revoke(RefreshToken::new("rt-secret-1".into()).into()).await.unwrap();
    assert!(!is_active(&idp, "rt-secret-1").await && !is_active(&idp, "at-secret-1").await);
    assert!(is_active(&idp, other.secret()).await);
    // What nobody knows has ended already (section 2.2).
    revoke(RefreshToken::new("rt-secret-1".into()).into()).await.unwrap();

    world.idp.change(|idp| idp.client_secret = "another".into());
    assert!(revoke(own.into()).await.is_err());
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
        ("http://id.example/keys?code=s3cr3t", Some("GET http://id.example/keys?code=… was")),
        ("http://localhost.id.example/keys", Some("GET http://localhost.id.example/keys was")),
    ] {
        let request = Request::get(address).header("accept", "application/json");
        let answer = idp.http_client.call(request.body(Vec::new()).unwrap()).await;
        match refused {
            None => assert_eq!(answer.unwrap().status(), 200, "{address}"),
            Some(refused) => {
                let error = answer.unwrap_err();
                assert!(matches!(error, OAuth2HttpError::NotHttps { .. }));
                let why = "not sent: it is not https (http is accepted for loopback hosts only)";
                let expected = format!("{refused} {why}");
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
    let cause = error.source().unwrap().to_string();
    assert_eq!(cause, "POST https://id.example/token: the connection was reset");

    // A client of the application's own may repeat what it was given.
    let client = FakeHttpClient::new(|request: &Request<Bytes>| {
        let body = String::from_utf8_lossy(request.body());
        let said = format!("cannot send {} with {body} and rt/1", request.uri());
        Err::<Response<Bytes>, BoxError>(said.into())
    });
    let parts = Parts::new();
    let endpoints = |all: Endpoints| {
        let at = |path: &str| format!("https://id.example/{path}");
        all.authorization_endpoint(at("a")).token_endpoint(at("t?v=s3")).jwks_uri(at("k"))
    };
    let auth = site!(parts.clock)
        .provider(parts.idp.oidc().endpoints(endpoints))
        .http_client(client)
        .build()
        .unwrap();
    let idp = auth.oauth2_client("idp").await.unwrap();
    let token = RefreshToken::new("rt/1".into());
    let request = idp.client.exchange_refresh_token(&token);
    let error = request.request_async(&idp.http_client).await.unwrap_err();
    let RequestTokenError::Request(error) = error else { panic!("{error:?}") };
    let said = format!("{error:?}");
    assert!(said.contains(": POST https://id.example/t?v=…: cannot send"), "{said}");
    assert!(!said.contains("rt/1") && !said.contains("rt%2F1"), "{said}");
}

#[tokio::test]
async fn the_secret_is_not_printed() {
    let world = World::new();
    let idp = client(&world).await;
    let printed = format!("{idp:?}");
    assert!(printed.contains("client id") && !printed.contains("e%c"), "{printed}");
}
