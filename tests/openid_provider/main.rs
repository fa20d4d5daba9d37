//! Independent providers, which share no code with typegate: npm's `oidc-provider` and Python's
//! Authlib, over loopback, with every client authentication, pushed requests, `form_post`, rotated
//! keys, refresh tokens, and sign-out on either side.

#![cfg(test)]

mod authlib;
mod provider;
mod visitor;

use std::future::IntoFuture as _;

use serde_json::{Value, json};
use tokio::net::TcpListener;
use typegate::adapter::{AccountStore as _, MemoryAdapter};
use typegate::provider::{
    Adjust as _, ClientAuthentication, OAuthClient, OAuthKind, Oidc, PrivateKey, Provider,
    PushedAuthorization, ResponseMode,
};
use typegate::{Auth, DefaultHttpClient, Secret, SignatureAlgorithm};

use self::authlib::AuthlibProvider;
use self::provider::OpenIdProvider;
use self::visitor::Visitor;

const ORIGIN: &str = "http://localhost:3000";
/// No space: Authlib does not read the `+` that stands for one (RFC 6749 appendix B).
const SECRET: &str = "a-client-secret-of-at-least-32-bytes:with/%+in-it";

/// One client of each kind: how the provider registers it, and what typegate is told.
fn clients() -> Vec<(Value, OAuthClient)> {
    let keys: Value = serde_json::from_str(include_str!("../data/keys/private.jwk.json")).unwrap();
    let secret = |method: &str, authentication| {
        let registration = json!({
            "client_id": method, "client_secret": SECRET, "token_endpoint_auth_method": method,
        });
        (registration, OAuthClient::new(method, SECRET.into()).authentication(authentication))
    };
    let key = |name: &str, algorithm: &str| {
        let mut public = keys[name].clone();
        let members = public.as_object_mut().unwrap();
        members.retain(|name, _| ["kty", "crv", "x", "y", "n", "e"].contains(&name.as_str()));
        members.insert("kid".into(), "own".into());
        members.insert("use".into(), "sig".into());
        let mut private = keys[name].clone();
        private["kid"] = "own".into();
        let id = format!("private_key_jwt {algorithm}");
        let registration = json!({
            "client_id": id,
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": algorithm,
            "jwks": { "keys": [public] },
        });
        let private = PrivateKey::from_jwk(&private.to_string()).unwrap();
        (registration, OAuthClient::with_private_key(id, private).into())
    };
    let public = json!({ "client_id": "public", "token_endpoint_auth_method": "none" });
    vec![
        secret("client_secret_basic", ClientAuthentication::Basic),
        secret("client_secret_post", ClientAuthentication::Post),
        secret("client_secret_jwt", ClientAuthentication::SecretJwt),
        key("rsa", "RS256"),
        key("p256", "ES256"),
        key("ed25519", "EdDSA"),
        (public, OAuthClient::public("public").into()),
    ]
}

fn registrations() -> Vec<Value> {
    let registrations = clients().into_iter().map(|(registration, _)| registration);
    let complete = registrations.map(|mut registration| {
        registration["redirect_uris"] = json!([format!("{ORIGIN}/api/auth/callback/idp")]);
        registration["response_types"] = json!(["code"]);
        registration["grant_types"] = json!(["authorization_code", "refresh_token"]);
        registration["post_logout_redirect_uris"] = json!([format!("{ORIGIN}/goodbye")]);
        registration
    });
    complete.collect()
}

fn application<P: Provider<Kind = OAuthKind>>(
    issuer: &str,
    client: OAuthClient,
    change: impl FnOnce(Oidc) -> P,
) -> Auth {
    let oidc = Oidc::builder()
        .id("idp")
        .name("Independent")
        .issuer(issuer)
        .client(client)
        .fetch_user_info(true)
        .build();
    Auth::builder()
        .secret(Secret::new("a secret for tests, long enough for all of us").unwrap())
        .url(ORIGIN.parse().unwrap())
        .provider(change(oidc))
        .http_client(DefaultHttpClient::new().unwrap())
        .build()
        .unwrap()
}

async fn expect_mary(auth: &Auth, what: &str) {
    let mut visitor = Visitor::new(auth);
    let location = visitor.sign_in(what).await;
    assert_eq!(location, ORIGIN, "{what}");
    let session = visitor.session().await;
    assert_eq!(session["user"]["name"], "Mary Somerville", "{what}");
    assert_eq!(session["user"]["email"], "mary@example.org", "{what}");
}

#[tokio::test]
async fn every_client_authentication_signs_in_with_and_without_pushed_requests() {
    let Some(mut provider) = OpenIdProvider::start() else { return };
    for (required, wanted) in [
        (false, PushedAuthorization::WhenRequired),
        (true, PushedAuthorization::WhenRequired),
        (false, PushedAuthorization::Always),
    ] {
        let issuer = provider.configure(&registrations(), "RS256", required);
        for (registration, client) in clients() {
            let what = format!("{} {required} {wanted:?}", registration["client_id"]);
            let auth = application(&issuer, client, |oidc| oidc.pushed_authorization(wanted));
            expect_mary(&auth, &what).await;
        }
    }
}

#[tokio::test]
async fn the_answer_comes_by_form_post() {
    let Some(mut provider) = OpenIdProvider::start() else { return };
    let issuer = provider.configure(&registrations(), "RS256", false);
    let (_, client) = clients().remove(0);
    let auth = application(&issuer, client, |oidc| oidc.response_mode(ResponseMode::FormPost));
    expect_mary(&auth, "form_post").await;
}

#[tokio::test]
async fn keys_change_between_two_sign_ins() {
    let Some(mut provider) = OpenIdProvider::start() else { return };
    for (name, algorithm) in [
        ("RS256", SignatureAlgorithm::Rs256),
        ("ES256", SignatureAlgorithm::Es256),
        ("EdDSA", SignatureAlgorithm::EdDsa),
    ] {
        let issuer = provider.configure(&registrations(), name, false);
        let (_, client) = clients().remove(0);
        let auth = application(&issuer, client, |oidc| oidc.id_token_algorithm(algorithm));
        expect_mary(&auth, name).await;
        provider.configure(&registrations(), name, false);
        expect_mary(&auth, name).await;
    }
}

#[tokio::test]
async fn a_client_with_the_wrong_key_or_secret_signs_nobody_in() {
    let Some(mut provider) = OpenIdProvider::start() else { return };
    let issuer = provider.configure(&registrations(), "RS256", false);
    let other_key = PrivateKey::from_pem(include_str!("../data/keys/p256.pem")).unwrap();
    for client in [
        OAuthClient::with_private_key("private_key_jwt EdDSA", other_key).into(),
        OAuthClient::new("client_secret_jwt", "x".repeat(40).into())
            .authentication(ClientAuthentication::SecretJwt),
        OAuthClient::new("client_secret_basic", "another secret".into()),
        OAuthClient::public("client_secret_basic").into(),
    ] {
        let auth = application(&issuer, client, |oidc| oidc);
        let mut visitor = Visitor::new(&auth);
        let location = visitor.sign_in("wrong").await;
        assert!(location.ends_with("error=OAuthCallback"), "{location}");
        assert_eq!(visitor.session().await, json!({}));
    }
}

/// Signs in, refreshes twice, and tries the first refresh token once more.
async fn expect_rotation(issuer: &str, client: &OAuthClient, what: &str) {
    let adapter = MemoryAdapter::new();
    let build = || {
        let oidc = Oidc::builder()
            .id("idp")
            .name("Independent")
            .issuer(issuer)
            .client(client.clone())
            .fetch_user_info(true)
            .build();
        Auth::builder()
            .secret(Secret::new("a secret for tests, long enough for all of us").unwrap())
            .url(ORIGIN.parse().unwrap())
            .adapter(adapter.clone())
            .provider(oidc)
            .http_client(DefaultHttpClient::new().unwrap())
            .build()
            .unwrap()
    };
    let auth = build();
    let mut visitor = Visitor::new(&auth);
    assert_eq!(visitor.sign_in(what).await, ORIGIN, "{what}");
    assert_eq!(visitor.session().await["user"]["name"], "Mary Somerville", "{what}");
    let first = adapter.account("idp", "mary").await.unwrap().unwrap().tokens;
    let second = auth.refresh_tokens("idp", &first).await.unwrap();
    assert!(second.id_token().is_some(), "{what}");
    assert_ne!(second.access_token(), first.access_token(), "{what}");
    assert_ne!(second.refresh_token(), first.refresh_token(), "{what}");
    let third = auth.refresh_tokens("idp", &second).await.unwrap();
    assert_ne!(third.refresh_token(), second.refresh_token(), "{what}");
    // Who has only the old token and asks the provider gets nothing.
    assert!(build().refresh_tokens("idp", &first).await.unwrap_err().is_provider(), "{what}");
}

#[tokio::test]
async fn tokens_are_refreshed_and_an_old_refresh_token_is_worthless() {
    let Some(mut provider) = OpenIdProvider::start() else { return };
    let issuer = provider.configure(&registrations(), "RS256", false);
    for (registration, client) in clients() {
        expect_rotation(&issuer, &client, &registration["client_id"].to_string()).await;
    }
}

#[tokio::test]
async fn authlib_takes_every_client_authentication_and_refreshes() {
    let Some(provider) = AuthlibProvider::start(&registrations()) else { return };
    // It reads HS256, RS256 and ES256, unless told otherwise.
    let known = |registration: &Value| registration["client_id"] != "private_key_jwt EdDSA";
    for (registration, client) in clients().into_iter().filter(|(client, _)| known(client)) {
        expect_rotation(&provider.issuer, &client, &registration["client_id"].to_string()).await;
    }
}

#[tokio::test]
async fn the_provider_takes_the_sign_out() {
    let Some(mut provider) = OpenIdProvider::start() else { return };
    let issuer = provider.configure(&registrations(), "RS256", false);
    let (_, client) = clients().remove(0);
    let goodbye = format!("{ORIGIN}/goodbye");
    let auth = application(&issuer, client, |oidc| oidc.post_logout_redirect_uri(goodbye));
    let mut visitor = Visitor::new(&auth);
    assert_eq!(visitor.sign_in("sign-out").await, ORIGIN);
    let page = visitor.sign_out().await;
    // It asks once more, which it does only if every parameter is right.
    assert!(page.contains("op.logoutForm"), "{page}");
    assert_eq!(visitor.session().await, json!({}));
}

/// Where the application will listen, and its address for logout tokens.
async fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, format!("http://{address}/api/auth/backchannel-logout/idp"))
}

#[tokio::test]
async fn whoever_signs_out_at_the_provider_is_signed_out_here() {
    let Some(mut provider) = OpenIdProvider::start() else { return };
    // With and without the session of the provider, which nobody here knows.
    for (name, algorithm, names_session) in
        [("RS256", SignatureAlgorithm::Rs256, false), ("ES256", SignatureAlgorithm::Es256, true)]
    {
        let (listener, address) = listener().await;
        let mut registrations = registrations();
        registrations[0]["backchannel_logout_uri"] = address.into();
        registrations[0]["backchannel_logout_session_required"] = names_session.into();
        let issuer = provider.configure(&registrations, name, false);
        let (_, client) = clients().remove(0);
        let oidc = Oidc::builder()
            .id("idp")
            .name("Independent")
            .issuer(&issuer)
            .client(client)
            .fetch_user_info(true)
            .id_token_algorithm(algorithm)
            .build();
        let auth = Auth::builder()
            .secret(Secret::new("a secret for tests, long enough for all of us").unwrap())
            .url(ORIGIN.parse().unwrap())
            .adapter(MemoryAdapter::new())
            .provider(oidc)
            .http_client(DefaultHttpClient::new().unwrap())
            .back_channel_logout()
            .build()
            .unwrap();
        let server = tokio::spawn(axum::serve(listener, auth.routes::<()>()).into_future());
        let (mut here, mut elsewhere) = (Visitor::new(&auth), Visitor::new(&auth));
        for visitor in [&mut here, &mut elsewhere] {
            assert_eq!(visitor.sign_in(name).await, ORIGIN);
            assert_eq!(visitor.session().await["user"]["name"], "Mary Somerville", "{name}");
        }
        here.sign_out_at(&issuer).await;
        assert_eq!(here.session().await, json!({}), "{name}");
        assert_eq!(elsewhere.session().await, json!({}), "{name}");
        server.abort();
    }
}
