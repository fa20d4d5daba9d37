use serde_json::{Value, json};

use super::*;
use crate::crypto::hash::code_challenge;
use crate::error::OAuthError;
use crate::model::Profile;
use crate::oauth::{
    AuthorizationOptions, AuthorizationResponse, Check, CheckValues, ClientAuthentication,
    Endpoints, LogoutRefused, OAuthClient, OAuthDefinition, ProfileMapper, PushedAuthorization,
    RelyingParty,
};
use crate::testing::IdentityProvider;

const ISSUER: &str = "https://id.example";
const FORM: &str = "accept: application/json\ncontent-type: application/x-www-form-urlencoded";
/// `client id` and `s3cr3t+`, each form-encoded.
const BASIC: &str = "authorization: Basic Y2xpZW50K2lkOnMzY3IzdCUyQg==";

/// OpenID Connect with every check, of which everything is discovered.
fn openid_connect() -> OAuthDefinition {
    OAuthDefinition::builder()
        .id("acme")
        .name("Acme")
        .client(OAuthClient::new("client id", "s3cr3t+".into()))
        .endpoints(Endpoints::discovered(ISSUER))
        .profile(ProfileMapper::new(|(): (), _| Ok(Profile::new("1"))))
        .scope("openid email")
        .checks([Check::Pkce, Check::State, Check::Nonce])
        .fetch_user_info(true)
        .build()
}

/// Plain OAuth 2.0, of which nothing is discovered.
fn plain() -> OAuthDefinition {
    OAuthDefinition::builder()
        .id("acme")
        .name("Acme")
        .client(OAuthClient::new("id", "s3cr3t".into()).authentication(ClientAuthentication::Post))
        .endpoints(
            Endpoints::oauth2()
                .authorization_endpoint("https://acme.example/authorize?tenant=1")
                .token_endpoint("https://acme.example/token")
                .userinfo_endpoint("https://acme.example/me")
                .build(),
        )
        .profile(ProfileMapper::new(|(): (), _| Ok(Profile::new("1"))))
        .scope("read")
        .build()
}

fn relying_party(provider: &Provider, definition: OAuthDefinition) -> Arc<RelyingParty> {
    let made = RelyingParty::new(Box::new(definition), 3600, provider.client(), clock());
    Arc::new(made.unwrap())
}

fn discovered() -> Provider {
    let provider = Provider::default();
    let endpoint = |path: &str| format!("{ISSUER}/{path}");
    let document = json!({
        "issuer": ISSUER,
        "authorization_endpoint": endpoint("authorize"),
        "token_endpoint": endpoint("token"),
        "userinfo_endpoint": endpoint("userinfo"),
        "jwks_uri": endpoint("keys"),
        "pushed_authorization_request_endpoint": endpoint("par"),
        "end_session_endpoint": endpoint("logout?from=app"),
    });
    provider.answers(&endpoint(".well-known/openid-configuration"), &document);
    provider.answers(&endpoint("keys"), &json!({"keys": [IdentityProvider::public_key("one")]}));
    provider.answers(&endpoint("userinfo"), &json!({"sub": "7", "email": "ada@example.com"}));
    provider
}

fn signed(kind: &str, further: &Value) -> String {
    let mut claims = json!({
        "iss": ISSUER, "sub": "7", "aud": "client id", "iat": NOW, "exp": NOW + 60,
    });
    let members = claims.as_object_mut().unwrap();
    members.extend(further.as_object().unwrap().clone());
    let header = json!({"alg": "RS256", "kid": "one", "typ": kind});
    IdentityProvider::sign(&header.to_string(), &claims.to_string())
}

fn options<'a>(parameters: &'a [(&'a str, &'a str)]) -> AuthorizationOptions<'a> {
    AuthorizationOptions { redirect_uri: CALLBACK, parameters, max_age: None }
}

#[tokio::test]
async fn openid_connect_from_the_authorization_url_to_the_userinfo() {
    let provider = discovered();
    let relying_party = relying_party(&provider, openid_connect());
    let options = AuthorizationOptions { max_age: Some(60), ..options(&[("login_hint", "a&b")]) };
    let request = relying_party.authorization_request(&options).await.unwrap();
    let checks = &request.checks;
    let (state, nonce) = (checks.state.as_deref().unwrap(), checks.nonce.as_deref().unwrap());
    let verifier = checks.code_verifier.as_deref().unwrap();
    assert_eq!(checks.max_age, Some(60));
    assert_eq!(
        relying_party.authorization_url(&request).await.unwrap().uri(),
        format!(
            "{ISSUER}/authorize?client_id=client%20id&scope=openid%20email&response_type=code\
             &redirect_uri=https%3A%2F%2Fapp.example.com%2Fcallback%2Facme&login_hint=a%26b\
             &max_age=60&state={state}&code_challenge={}&code_challenge_method=S256&nonce={nonce}",
            code_challenge(verifier)
        )
    );
    let document =
        format!("GET {ISSUER}/.well-known/openid-configuration\naccept: application/json");
    assert_eq!(provider.asked(), [document]);

    let id_token = signed("JWT", &json!({"nonce": nonce, "auth_time": NOW}));
    let tokens = json!({"access_token": "at", "token_type": "Bearer", "id_token": id_token});
    provider.answers("https://id.example/token", &tokens);
    let back = form(&[("code", "c&1"), ("state", state), ("session_state", "s")]);
    let response = AuthorizationResponse::read(&back).unwrap();
    let response = relying_party.exchange(&response, checks, CALLBACK).await.unwrap();
    assert_eq!(response.subject(), Some("7"));
    assert_eq!(response.tokens.access_token(), Some("at"));
    assert_eq!(response.tokens.text("session_state"), Some("s"));
    let raw_profile = relying_party.user_info(&response, None).await.unwrap();
    assert_eq!(raw_profile["email"], "ada@example.com");
    assert_eq!(raw_profile["nonce"], nonce);
    assert_eq!(
        provider.asked(),
        [
            format!(
                "POST {ISSUER}/token\n{FORM}\n{BASIC}\ngrant_type=authorization_code&code=c%261\
                 &redirect_uri=https%3A%2F%2Fapp.example.com%2Fcallback%2Facme\
                 &code_verifier={verifier}"
            ),
            format!("GET {ISSUER}/keys\naccept: application/json"),
            format!("GET {ISSUER}/userinfo\naccept: application/json\nauthorization: Bearer at"),
        ]
    );
}

#[tokio::test]
async fn plain_oauth_2_from_the_authorization_url_to_the_userinfo() {
    let provider = Provider::default();
    provider.answers("https://acme.example/token", &json!({"access_token": "at"}));
    provider.answers("https://acme.example/me", &json!({"id": 7}));
    let relying_party = relying_party(&provider, plain());
    let request = relying_party.authorization_request(&options(&[])).await.unwrap();
    let checks = &request.checks;
    let (state, verifier) = (checks.state.as_deref().unwrap(), checks.code_verifier.as_deref());
    let verifier = verifier.unwrap();
    assert_eq!(
        relying_party.authorization_url(&request).await.unwrap().uri(),
        format!(
            "https://acme.example/authorize?client_id=id&scope=read&response_type=code\
             &redirect_uri=https%3A%2F%2Fapp.example.com%2Fcallback%2Facme&tenant=1\
             &state={state}&code_challenge={}&code_challenge_method=S256",
            code_challenge(verifier)
        )
    );
    let back = form(&[("code", "c"), ("state", state)]);
    let response = AuthorizationResponse::read(&back).unwrap();
    let response = relying_party.exchange(&response, checks, CALLBACK).await.unwrap();
    assert_eq!(response.claims, None);
    let raw_profile = relying_party.user_info(&response, None).await.unwrap();
    assert_eq!(raw_profile, json!({"id": 7}));
    assert_eq!(
        provider.asked(),
        [
            format!(
                "POST https://acme.example/token\n{FORM}\ngrant_type=authorization_code&code=c\
                 &redirect_uri=https%3A%2F%2Fapp.example.com%2Fcallback%2Facme\
                 &code_verifier={verifier}&client_id=id&client_secret=s3cr3t"
            ),
            "GET https://acme.example/me\naccept: application/json\nauthorization: Bearer at"
                .into(),
        ]
    );
}

/// Who writes a discovery document is told no secret by it.
#[tokio::test]
async fn placeholders_of_a_discovered_userinfo_endpoint_are_not_filled() {
    for (path, asked) in [
        ("me?s={client_secret}", "me?s={client_secret}"),
        ("me/{client_secret}", "me/%7Bclient_secret%7D"),
        ("me/%7Bclient_id%7D", "me/%7Bclient_id%7D"),
        ("me?t={access_token}", "me?t={access_token}"),
        ("me/{tokens.id_token}", "me/%7Btokens.id_token%7D"),
        ("me?m={tokens.missing}", "me?m={tokens.missing}"),
    ] {
        let said = signed_in_at(Endpoints::discovered(ISSUER), path, asked).await;
        let said = said.last().unwrap();
        let (line, rest) = said.split_once('\n').unwrap();
        assert_eq!(line, format!("GET {ISSUER}/{asked}"));
        assert_eq!(rest, "accept: application/json\nauthorization: Bearer at");
    }
}

/// The requests of a sign-in of which the userinfo endpoint is discovered.
async fn signed_in_at(endpoints: Endpoints, discovered_path: &str, asked: &str) -> Vec<String> {
    let provider = discovered();
    let document = json!({
        "issuer": ISSUER,
        "authorization_endpoint": format!("{ISSUER}/authorize"),
        "token_endpoint": format!("{ISSUER}/token"),
        "userinfo_endpoint": format!("{ISSUER}/{discovered_path}"),
        "jwks_uri": format!("{ISSUER}/keys"),
    });
    provider.answers("https://id.example/.well-known/openid-configuration", &document);
    provider.answers(&format!("{ISSUER}/{asked}"), &json!({"sub": "7"}));
    let mut definition = openid_connect();
    definition.endpoints = endpoints;
    let relying_party = relying_party(&provider, definition);
    let request = relying_party.authorization_request(&options(&[])).await.unwrap();
    let checks = &request.checks;
    let (state, nonce) = (checks.state.as_deref().unwrap(), checks.nonce.as_deref().unwrap());
    let id_token = signed("JWT", &json!({"nonce": nonce}));
    let tokens = json!({"access_token": "at", "token_type": "Bearer", "id_token": id_token});
    provider.answers("https://id.example/token", &tokens);
    let back = form(&[("code", "c"), ("state", state)]);
    let response = AuthorizationResponse::read(&back).unwrap();
    let response = relying_party.exchange(&response, checks, CALLBACK).await.unwrap();
    relying_party.user_info(&response, None).await.unwrap();
    provider.asked()
}

#[tokio::test]
async fn placeholders_of_a_declared_userinfo_endpoint_are_filled() {
    let declared = format!("{ISSUER}/me/{{client_id}}?t={{access_token}}");
    let endpoints = Endpoints::discovered(ISSUER).userinfo_endpoint(declared);
    let asked = "me/client%20id?t=at";
    let said = signed_in_at(endpoints, "other", asked).await;
    assert_eq!(said.last().unwrap(), &format!("GET {ISSUER}/{asked}\naccept: application/json"));
}

#[tokio::test]
async fn a_response_that_is_not_of_this_sign_in_sends_no_request() {
    let provider = discovered();
    let relying_party = relying_party(&provider, openid_connect());
    let request = relying_party.authorization_request(&options(&[])).await.unwrap();
    let checks = &request.checks;
    let state = checks.state.as_deref().unwrap();
    provider.asked();
    let refusal = async |pairs: &[(&str, &str)], checks: &CheckValues| {
        let back = form(pairs);
        let exchanged = match AuthorizationResponse::read(&back) {
            Ok(response) => relying_party.exchange(&response, checks, CALLBACK).await.map(drop),
            Err(error) => Err(error),
        };
        exchanged.unwrap_err().to_string()
    };
    for (pairs, reason) in [
        (&[("code", "c"), ("state", "other")][..], "`state` is not the one sent"),
        (&[("code", "c")], "`state` is missing"),
        (&[("state", state)], "`code` is missing"),
        (&[("code", "c"), ("code", "d"), ("state", state)], "`code` is repeated or no text"),
        (&[("code", "c"), ("state", state), ("iss", "https://e.example")], "the provider's issuer"),
    ] {
        let refusal = refusal(pairs, checks).await;
        assert!(refusal.contains(reason), "{refusal}");
    }
    let good = [("code", "c"), ("state", state)];
    for check in Check::ORDER {
        let mut incomplete = CheckValues::default();
        for other in Check::ORDER.into_iter().filter(|other| *other != check) {
            incomplete.set(other, checks.get(other).unwrap().to_owned());
        }
        let expected = format!("the {} cookie is missing", check.name());
        assert_eq!(refusal(&good, &incomplete).await, expected);
    }
    assert_eq!(provider.asked(), [""; 0]);
    assert!(refusal(&good, checks).await.contains("token request"), "all else is in order");
}

#[tokio::test]
async fn a_pushed_request_leaves_a_reference_to_the_browser() {
    let provider = discovered();
    let mut definition = openid_connect();
    definition.pushed_authorization = PushedAuthorization::Always;
    let relying_party = relying_party(&provider, definition);
    let request = relying_party.authorization_request(&options(&[])).await.unwrap();
    provider.asked();
    let refused = relying_party.authorization_url(&request).await.unwrap_err();
    assert!(matches!(refused, OAuthError::PushedAuthorization(_)), "{refused}");
    let asked = provider.asked();
    let body = asked[0].lines().last().unwrap();
    assert_eq!(asked, [format!("POST {ISSUER}/par\n{FORM}\n{BASIC}\n{body}")]);
    let state = request.checks.state.as_deref().unwrap();
    assert!(body.starts_with("client_id=client+id&scope=openid+email&"), "{body}");
    assert!(body.contains(&format!("&state={state}&")), "{body}");

    provider.answers("https://id.example/par", &json!({"request_uri": "urn:1"}));
    assert_eq!(
        relying_party.authorization_url(&request).await.unwrap().uri(),
        format!("{ISSUER}/authorize?client_id=client%20id&request_uri=urn%3A1")
    );
}

#[tokio::test]
async fn tokens_are_refreshed_once_for_all_who_ask() {
    let provider = discovered();
    let relying_party = relying_party(&provider, openid_connect());
    let answer = json!({"access_token": "new", "refresh_token": "r2"});
    provider.answers("https://id.example/token", &answer);
    let old = json!({"access_token": "old", "refresh_token": "r1", "scope": "openid"});
    let old = crate::model::TokenSet::from_members(old.as_object().unwrap().clone());
    let (one, two) = tokio::join!(relying_party.refresh(&old), relying_party.refresh(&old));
    for fresh in [one.unwrap(), two.unwrap()] {
        assert_eq!(fresh.access_token(), Some("new"));
        assert_eq!((fresh.refresh_token(), fresh.text("scope")), (Some("r2"), Some("openid")));
    }
    let asked = provider.asked();
    let request =
        format!("POST {ISSUER}/token\n{FORM}\n{BASIC}\ngrant_type=refresh_token&refresh_token=r1");
    assert_eq!(asked.iter().filter(|asked| **asked == request).count(), 1, "{asked:?}");
}

#[tokio::test]
async fn a_logout_token_is_proven_before_it_is_read() {
    let provider = discovered();
    let relying_party = relying_party(&provider, openid_connect());
    let event = json!({"http://schemas.openid.net/event/backchannel-logout": {}});
    let token = signed("logout+jwt", &json!({"jti": "j", "events": event}));
    let logout = relying_party.verify_logout_token(&token).await.unwrap();
    assert_eq!((logout.subject.as_str(), logout.token_id.as_str()), ("7", "j"));
    let without = signed("logout+jwt", &json!({"jti": "j"}));
    let refused = relying_party.verify_logout_token(&without).await.unwrap_err();
    assert!(matches!(refused, LogoutRefused::Invalid(_)), "{refused:?}");
    let forged = token.replace('.', ".e");
    let refused = relying_party.verify_logout_token(&forged).await.unwrap_err();
    assert!(matches!(refused, LogoutRefused::Unproven(_)), "{refused:?}");
}

#[tokio::test]
async fn the_end_session_url_keeps_the_query_of_its_endpoint() {
    let provider = discovered();
    let relying_party = relying_party(&provider, openid_connect());
    let target = "https://app.example.com/bye?a=b";
    let url = relying_party.end_session_url(Some("e.y.J"), target).await.unwrap();
    assert_eq!(
        url.uri(),
        format!(
            "{ISSUER}/logout?from=app&id_token_hint=e.y.J&client_id=client+id\
             &post_logout_redirect_uri=https%3A%2F%2Fapp.example.com%2Fbye%3Fa%3Db"
        )
    );
}

#[tokio::test]
async fn a_private_key_among_the_published_ones_is_told_once() {
    let provider = discovered();
    let mut key = IdentityProvider::public_key("two");
    key["d"] = "AQAB".into();
    let keys = json!({"keys": [IdentityProvider::public_key("one"), key]});
    provider.answers("https://id.example/keys", &keys);
    let relying_party = relying_party(&provider, openid_connect());
    let said = || -> Vec<_> {
        relying_party.take_remarks().into_iter().map(|remark| remark.about).collect()
    };
    assert_eq!(said(), []);
    let token = signed("logout+jwt", &json!({}));
    relying_party.verify_logout_token(&token).await.unwrap_err();
    assert_eq!(said(), [crate::oauth::About::PrivateKey]);
    relying_party.verify_logout_token(&token).await.unwrap_err();
    assert_eq!(said(), []);
}
