//! The kit says what is wrong with a provider or with a recording.

use serde_json::json;

use super::{Failure, Recording};
use crate::error::{ErrorCode, chain};
use crate::jose::SignatureAlgorithm;
use crate::oauth::v1::{OAuth1Client, OAuth1Definition, OAuth1Endpoints};
use crate::oauth::{
    Endpoints, OAuthClient, OAuthDefinition, ProfileMapper, PushedAuthorization, StandardClaims,
};
use crate::provider::catalog::GitHub;
use crate::provider::{Adjust as _, Oidc};

fn github() -> GitHub {
    GitHub::new("client id", "client secret".into())
}

fn oidc() -> Oidc {
    Oidc::builder()
        .id("acme")
        .name("Acme")
        .issuer("https://id.acme.example")
        .client(OAuthClient::new("client id", "client secret".into()))
        .build()
}

fn failure(sign_in: &super::SignIn) -> String {
    chain(sign_in.outcome.as_ref().unwrap_err())
}

#[tokio::test]
async fn what_a_provider_said_signs_somebody_in() {
    let emails = json!([
        {"email": "other@example.com", "primary": false},
        {"email": "ada@example.com", "primary": true},
    ]);
    let sign_in = Recording::new()
        .user_info(json!({"id": 7, "login": "ada", "email": null}))
        .answer("https://api.github.com/user/emails", &emails)
        .token_response(json!({"scope": "read:user,user:email"}))
        .sign_in(github())
        .await;
    sign_in.assert_user(json!({"id": "7", "name": "ada", "email": "ada@example.com"}));
    sign_in.assert_account(json!({
        "type": "oauth", "provider": "github", "providerAccountId": "7",
        "access_token": "ACCESS_TOKEN", "scope": "read:user,user:email",
    }));
    sign_in.assert_authorization(&[("client_id", "client id"), ("response_type", "code")]);
    sign_in.assert_token_request(&[("code", "CODE")]);
    assert_eq!(sign_in.client_authentication(), Some("client_secret_basic"));
    assert_eq!(sign_in.profile_requests.len(), 2);
}

#[tokio::test]
async fn a_token_is_taken_as_it_was_recorded() {
    let recording = || {
        Recording::new().claims(json!({
            "iss": "https://id.acme.example", "aud": "the real client", "azp": "the real client",
            "exp": 1_500_000_000, "iat": 1_499_999_000, "nonce": "n", "at_hash": "a",
            "sub": "7", "name": "Ada", "email": "Ada@Example.com",
        }))
    };
    let expected = json!({"id": "7", "name": "Ada", "email": "ada@example.com"});
    use SignatureAlgorithm::{EdDsa, Es256, Es384, Hs256, Ps256, Rs256, Rs384, Rs512};
    for algorithm in [Rs256, Rs384, Rs512, Ps256, Es256, Es384, EdDsa, Hs256] {
        let sign_in = recording().sign_in(oidc().id_token_algorithm(algorithm)).await;
        sign_in.assert_user(expected.clone());
    }

    let claims = json!({"iss": "https://other.example", "sub": "7"});
    let sign_in = Recording::new().claims(claims).sign_in(oidc()).await;
    sign_in.assert_refused(ErrorCode::CallbackOAuth, "the ID token is of another issuer");
}

#[tokio::test]
async fn what_is_pushed_is_the_authorization_request() {
    let definition = OAuthDefinition::builder()
        .id("acme")
        .name("Acme")
        .client(OAuthClient::new("client id", "client secret".into()))
        .endpoints(Endpoints::discovered("https://id.acme.example"))
        .pushed_authorization(PushedAuthorization::Always)
        .profile(ProfileMapper::of::<StandardClaims>())
        .build();
    let sign_in = Recording::new().claims(json!({"sub": "7"})).sign_in(definition).await;
    sign_in.assert_user(json!({"id": "7"}));
    sign_in.assert_authorization(&[
        ("scope", "openid profile email"),
        ("code_challenge_method", "S256"),
    ]);
    assert_eq!(sign_in.preparation[0].url.as_str(), "https://discovered.example/par");
}

#[tokio::test]
async fn an_oauth_1_provider_is_played_back_too() {
    let url = |path: &str| format!("https://trails.example/{path}");
    let definition = OAuth1Definition::builder()
        .id("trails")
        .name("Trails")
        .client(OAuth1Client::new("key", "secret".into()))
        .endpoints(OAuth1Endpoints {
            request_token_url: url("request_token"),
            authorization_url: url("authorize"),
            access_token_url: url("access_token"),
            profile_url: url("me.json"),
        })
        .profile(ProfileMapper::of::<StandardClaims>())
        .build();
    let sign_in = Recording::new().user_info(json!({"sub": "7"})).sign_in(definition).await;
    sign_in.assert_user(json!({"id": "7"}));
    sign_in.assert_authorization(&[("oauth_token", "REQUEST_TOKEN")]);
    assert_eq!(sign_in.preparation[0].url.as_str(), url("request_token"));
    assert_eq!(sign_in.client_authentication(), None);
}

#[tokio::test]
async fn a_recording_that_cannot_be_played_back_says_why() {
    let list = Recording::new().user_info(json!([{"id": 7}])).sign_in(github()).await;
    assert_eq!(failure(&list), "the recorded userinfo answer is no JSON object, but a list");

    let anonymous = Recording::new().user_info(json!({"login": "ada", "email": "a@b.example"}));
    let sign_in = anonymous.sign_in(github()).await;
    sign_in.assert_refused(ErrorCode::OAuthParseProfile, "the profile has no member `id`");

    let nothing = Recording::new().sign_in(github()).await;
    assert_eq!(
        failure(&nothing),
        "GET https://api.github.com/user was asked, and the recording has no answer for it: add \
         `.user_info(json!({..}))`"
    );

    let short = Recording::new().user_info(json!({"id": 7})).sign_in(github()).await;
    assert_eq!(
        failure(&short),
        "GET https://api.github.com/user/emails was asked, and the recording has no answer for \
         it: add `.answer(url, &json!({..}))`"
    );

    let long = Recording::new().claims(json!({"sub": "7"})).user_info(json!({"sub": "7"}));
    let sign_in = long.sign_in(oidc()).await;
    assert!(matches!(sign_in.outcome, Err(Failure::Unused(_))));
    assert_eq!(failure(&sign_in), "the recording has a userinfo answer, and nobody asked for it");

    let sign_in = Recording::new().sign_in(github().base_url("http://git.acme.example")).await;
    assert!(matches!(sign_in.outcome, Err(Failure::Configuration(_))));
    assert!(failure(&sign_in).contains("is not an https URL"), "{sign_in}");
}

#[tokio::test]
async fn a_difference_says_what_was_expected_and_what_is_there() {
    let recording = Recording::new().user_info(json!({"id": 7, "login": "ada", "email": "a@b.c"}));
    let sign_in = recording.sign_in(github().scope("user:email")).await;
    let told = |differences: Vec<super::Difference>| -> Vec<String> {
        differences.iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        told(sign_in.user_differences(&json!({"id": "7", "name": "Ada", "image": "x"}))),
        [
            "the user's `name` is \"ada\", expected was \"Ada\"",
            "the user's `image` is missing, expected was \"x\"",
            "the user's `email` is \"a@b.c\", which nobody expected",
        ]
    );
    assert_eq!(
        told(sign_in.authorization_differences(&[("scope", "read:user")])),
        ["the authorization request's `scope` is \"user:email\", expected was \"read:user\""]
    );
    assert!(sign_in.account_differences(&json!({"provider": "github"})).is_empty());
    let text = sign_in.to_string();
    assert!(text.contains("asked: GET https://api.github.com/user"), "{text}");
}

#[tokio::test]
async fn an_expectation_that_is_no_object_is_not_met() {
    let sign_in = Recording::new()
        .user_info(json!({"id": 7, "login": "ada", "email": "ada@example.com"}))
        .sign_in(github())
        .await;
    assert!(sign_in.outcome.is_ok(), "{sign_in}");
    for expected in [json!("github"), json!([{"provider": "github"}]), json!(null)] {
        let [account] = &sign_in.account_differences(&expected)[..] else { panic!("{expected}") };
        let [user] = &sign_in.user_differences(&expected)[..] else { panic!("{expected}") };
        for (difference, start) in [(account, "the account is {"), (user, "the user is {")] {
            let text = difference.to_string();
            assert!(text.starts_with(start), "{text}");
            assert!(text.ends_with(&format!("expected was {expected}")), "{text}");
        }
    }
}
