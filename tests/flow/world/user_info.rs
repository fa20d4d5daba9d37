//! The userinfo answer: other statuses, lists, and errors that say 200.

use serde_json::json;
use typegate::provider::{
    Adjust as _, Endpoints, OAuthClient, OAuthDefinition, ProfileMapper, UserInfoEndpoint,
};
use typegate::testing::IdentityProvider as Provider;
use typegate::{ClientSecret, OAuthProvider};

use super::site::{Acme, Person, acme, plain, refusal, user_of};
use crate::support::{Parts, World, site, with_parameter};

#[tokio::test]
async fn any_good_status_of_a_userinfo_answer_will_do() {
    for status in [200, 201, 202, 203, 206] {
        let (mut world, answers) = plain!(acme());
        answers.set("/userinfo", status, r#"{"id":7,"nickname":"ann","roles":[]}"#);
        assert_eq!(user_of(&mut world, "acme").await["name"], "ann", "{status}");
    }
    for (status, why) in [
        (204, "expected 200 OK with body but no body was returned"),
        (302, "the provider answered 302"),
        (404, "the provider answered 404"),
    ] {
        let (mut world, answers) = plain!(acme());
        answers.set("/userinfo", status, "");
        let refusal = refusal(&mut world, "acme").await;
        let request = "GET https://acme.example/userinfo";
        assert_eq!(refusal, format!("the userinfo request failed: {request}: {why}"));
    }
}

#[derive(OAuthProvider)]
#[provider(
    id = "acme",
    name = "Acme",
    authorization_endpoint = "https://acme.example/authorize",
    token_endpoint = "https://acme.example/token",
    userinfo_endpoint(url = "https://acme.example/userinfo", select = "[0]"),
    profile = Person
)]
struct Listed {
    client_id: String,
    client_secret: ClientSecret,
}

async fn name_in_a_list(world: &mut World) {
    world.idp.change(|idp| {
        idp.user_info = json!([{ "id": 7, "nickname": "ann", "roles": [] }, { "id": 8 }]);
    });
    assert_eq!(user_of(world, "acme").await["name"], "ann");
    world.browser = world.another_browser();
    world.idp.change(|idp| idp.user_info = json!([]));
    let refusal = refusal(world, "acme").await;
    assert_eq!(refusal, "the userinfo response has no profile where it was expected");
}

/// By a derive, by hand, and by a change of a provider that exists; by a file in `tests/dynamic`.
#[tokio::test]
async fn a_userinfo_answer_that_is_a_list_is_reached_by_a_path() {
    name_in_a_list(&mut plain!(Listed::new(Provider::CLIENT_ID, Provider::CLIENT_SECRET.into())).0)
        .await;
    for path in ["[0]", "/0"] {
        let by_hand = OAuthDefinition::builder()
            .id("acme")
            .name("Acme")
            .client(OAuthClient::new(Provider::CLIENT_ID, Provider::CLIENT_SECRET.into()))
            .endpoints(
                Endpoints::oauth2()
                    .authorization_endpoint("https://acme.example/authorize")
                    .token_endpoint("https://acme.example/token")
                    .userinfo_endpoint("https://acme.example/userinfo")
                    .build(),
            )
            .user_info_endpoint(UserInfoEndpoint::new().select(path))
            .profile(ProfileMapper::of::<Person>())
            .build();
        name_in_a_list(&mut plain!(by_hand).0).await;
        let changed = acme().user_info_endpoint(UserInfoEndpoint::new().select(path));
        name_in_a_list(&mut plain!(changed).0).await;
    }
}

#[tokio::test]
async fn what_is_no_path_is_refused_by_build() {
    for path in ["a..b", "[x]", "data."] {
        let parts = Parts::new();
        let error = site!(parts.clock)
            .provider(acme().user_info_endpoint(UserInfoEndpoint::new().select(path)))
            .build()
            .unwrap_err();
        let expected = format!("selects `{path}` of an answer, which is no path");
        assert!(error.to_string().contains(&expected), "{error}");
    }
}

#[tokio::test]
async fn a_userinfo_answer_that_is_a_list_says_what_to_write() {
    let (mut world, answers) = plain!(acme());
    answers.set("/userinfo", 200, r#"[{"id":7}]"#);
    let refusal = refusal(&mut world, "acme").await;
    assert_eq!(
        refusal,
        "the userinfo response is a list: say which entry is the profile, by \
         `UserInfoEndpoint::select(\"[0]\")`, in a derive by `userinfo_endpoint(.., select = \"[0]\")`, \
         or in a file by `userinfo_select = \"[0]\"`"
    );
}

#[tokio::test]
async fn an_error_inside_a_good_userinfo_answer_is_the_providers() {
    for (body, why) in [
        (r#"{"errcode":40003,"errmsg":"invalid openid"}"#, " `40003`: invalid openid"),
        (r#"{"error":{"error_code":5,"error_msg":"No user"}}"#, " `5`: No user"),
        (r#"{"ok":false,"error":"token_revoked"}"#, " `token_revoked`"),
    ] {
        let (mut world, answers) = plain!(acme());
        answers.set("/userinfo", 200, body);
        let refusal = refusal(&mut world, "acme").await;
        let expected = "the userinfo request failed: GET https://acme.example/userinfo: the provider \
                        answered 200 with the error";
        assert_eq!(refusal, format!("{expected}{why}"));
    }
    // TikTok's way to say that nothing went wrong.
    let (mut world, answers) = plain!(acme());
    let good = r#"{"id":7,"nickname":"ann","roles":[],"error":{"code":"ok","message":""}}"#;
    answers.set("/userinfo", 200, good);
    assert_eq!(user_of(&mut world, "acme").await["name"], "ann");
}

/// The code is the provider's, and the provider knows what was sent to it.
#[tokio::test]
async fn r162_a_code_of_a_provider_repeats_nothing_that_was_sent() {
    const SECRET: &str = "Client-Secret_of:ours.7";
    const CODE: &str = "Code.of_ada";
    for path in ["/token", "/userinfo"] {
        for status in [200, 400, 401, 500] {
            for quoted in ["secret", "code", "token", "foreign", "none"] {
                let provider = Acme::new(Provider::CLIENT_ID, SECRET.into());
                let (mut world, answers) = plain!(provider);
                if path == "/userinfo" {
                    let tokens = r#"{"access_token":"at_of-ada","token_type":"bearer"}"#;
                    answers.set("/token", 200, tokens);
                }
                let back = world.start("acme").await;
                let back = with_parameter(&back, "code", &[CODE]);
                let word = match quoted {
                    "secret" => format!("bad:{SECRET}"),
                    "code" => format!("bad_code.{CODE}"),
                    "token" if path == "/token" => continue,
                    "token" => "bad_token:AT_of-ada".to_owned(),
                    "foreign" => "bad_token:gho_16C7e42F292c6912E7710c838347Ae178B4a".to_owned(),
                    _ => "bad_code".to_owned(),
                };
                answers.set(path, status, json!({ "error": word }).to_string());
                let answer = world.browser.get(&back).await;
                assert!(answer.cookie("next-auth.session-token").is_none());
                let lines = world.lines.take();
                let line = lines.last().expect("a line");
                let word = if quoted == "none" { "bad_code" } else { "an unreadable code" };
                let said = format!("the provider answered {status} with the error `{word}`");
                assert!(line.message.contains(&said), "{path} {quoted}: {}", line.message);
                let written = format!("{lines:?}");
                for secret in [SECRET, CODE, "at_of-ada", "AT_of-ada", "gho_16C7"] {
                    assert!(!written.contains(secret), "{path} {status} {quoted}: {written}");
                }
            }
        }
    }
}
