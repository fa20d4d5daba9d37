//! The back channel: what the server and an identity provider say to each other, and how little of
//! it is believed.

use http::Method;
use serde_json::{Value, json};
use typegate::adapter::{AccountStore as _, MemoryAdapter};
use typegate::provider::{
    Adjust as _, Check, ClientAuthentication, Endpoints, OAuthClient, OAuthDefinition, OAuthKind,
    ProfileMapper, Provider,
};
use typegate::{CallbackError, Jwt, Profile};

use super::support::{BASE, NOW, ORIGIN, Received, World, error, refused, sign_rs256, world};

/// Signs in first, so that there is a session to lose, and then again.
async fn second_sign_in(world: &mut World, spoil: impl FnOnce(&World)) -> Vec<String> {
    world.sign_in("idp").await;
    let session = world.browser.session().await;
    // Keys and document are kept for an hour.
    world.clock.advance(3601);
    let back = world.start("idp").await;
    spoil(world);
    let answer = world.browser.get(&back).await;
    assert!(answer.body().is_empty());
    assert!(answer.cookie("next-auth.session-token").is_none());
    assert_eq!(world.browser.session().await["user"], session["user"]);
    answer.outline()
}

#[tokio::test]
async fn r029_a_broken_endpoint_is_a_clean_error_and_loses_no_session() {
    let deep = "[".repeat(10_000);
    let deep_object = format!("{}1", "{\"a\":".repeat(10_000));
    for endpoint in ["/token", "/userinfo"] {
        for (status, kind, body) in [
            (500, "application/json", r#"{"error":"server_error"}"#),
            (500, "text/html", "<html>secret-page</html>"),
            (404, "text/plain", ""),
            (302, "application/json", "{}"),
            (201, "application/json", r#"{"access_token":"x","id_token":"y","sub":"1"}"#),
            (200, "application/json", ""),
            (200, "text/html", "<html>secret-page</html>"),
            (200, "application/json", r#"{"access_token":"#),
            (200, "application/json", r#"["access_token"]"#),
            (200, "application/json", "null"),
            (200, "application/x-www-form-urlencoded", "access_token=x&token_type=bearer"),
            (200, "application/json", &deep),
            (200, "application/json", &deep_object),
            (200, "application/json", "{\"access_token\":\"\u{0}\"}"),
        ] {
            let mut world = World::with_provider(|oidc| oidc.fetch_user_info(true));
            let outline = second_sign_in(&mut world, |world| {
                world.idp.change(|idp| {
                    idp.broken.insert(endpoint, Some((status, kind, body.to_owned())));
                });
            });
            assert_eq!(outline.await, refused("OAuthCallback"), "{endpoint} {status} {body:.40}");
            for line in world.lines.take() {
                assert!(!line.message.contains("secret-page"), "{line:?}");
            }
        }
        let mut world = World::with_provider(|oidc| oidc.fetch_user_info(true));
        let outline = second_sign_in(&mut world, |world| {
            world.idp.change(|idp| drop(idp.broken.insert(endpoint, None)));
        });
        assert_eq!(outline.await, refused("OAuthCallback"), "{endpoint} is silent");
    }
}

#[tokio::test]
async fn r029_a_key_set_that_cannot_be_had_refuses_the_first_sign_in() {
    for body in ["", "<html>", "{}", r#"{"keys":{}}"#, r#"{"keys":[]}"#, r#"{"keys":[1,null,{}]}"#]
    {
        let mut world = World::new();
        world.idp.break_endpoint("/keys", 200, body);
        world.expect_refusal(body).await;
    }
}

#[tokio::test]
async fn r033_document_and_keys_are_fetched_once_and_survive_an_outage() {
    let mut world = World::new();
    world.browser.post("/api/auth/signin/idp", &[]).await;
    assert_eq!(world.idp.paths(), ["/.well-known/openid-configuration"]);
    world.sign_in("idp").await;
    world.idp.paths();
    world.sign_in("idp").await;
    assert_eq!(world.idp.paths(), ["/token"]);
    world.clock.advance(3601);
    for path in ["/.well-known/openid-configuration", "/keys"] {
        world.idp.break_endpoint(path, 500, "");
    }
    let answer = world.sign_in("idp").await;
    assert_eq!(answer.location(), format!("{ORIGIN}/next"));
}

#[tokio::test]
async fn r030_without_an_access_token_there_is_no_session() {
    for value in [None, Some(json!(null)), Some(json!("")), Some(json!(7)), Some(json!(["at"]))] {
        for id in ["idp", "github"] {
            let mut world = World::new();
            for idp in [&world.idp, &world.github] {
                idp.change(|idp| drop(idp.response.insert("access_token", value.clone())));
            }
            // `at_hash` would refuse it too.
            world.idp.change(|idp| drop(idp.claims.insert("at_hash", None)));
            let answer = world.sign_in(id).await;
            assert_eq!(answer.outline()[0], error("OAuthCallback"), "{id} {value:?}");
            assert_eq!(world.browser.session().await, json!({}));
        }
    }
}

#[tokio::test]
async fn r030_the_token_type_is_bearer_in_any_case() {
    for (token_type, good) in [
        (Some(json!("bearer")), true),
        (Some(json!("BEARER")), true),
        (None, true),
        (Some(json!("MAC")), false),
        (Some(json!("")), false),
        (Some(json!("Bearer ")), false),
    ] {
        let mut world = World::new();
        world
            .github
            .change(|github| drop(github.response.insert("token_type", token_type.clone())));
        let answer = world.sign_in("github").await;
        assert_eq!(answer.location() == format!("{ORIGIN}/next"), good, "{token_type:?}");
        assert_eq!(world.github.paths().contains(&"/user".to_owned()), good);
    }
}

#[tokio::test]
async fn r031_plain_oauth_takes_no_id_token() {
    let unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.";
    let signed = sign_rs256(r#"{"alg":"RS256","kid":"one"}"#, r#"{"sub":"1"}"#);
    for token in [json!(unsigned), json!(signed), json!(null), json!(7)] {
        let rows = MemoryAdapter::new();
        let adapter = rows.clone();
        let mut world: World =
            world!(site => site.adapter(adapter).session(Jwt::default()).build().unwrap());
        world.github.change(|github| drop(github.response.insert("id_token", Some(token))));
        world.sign_in("github").await;
        // Who it is, the userinfo says, and nothing of the token is kept.
        assert_eq!(world.browser.session().await["user"]["name"], "The Octocat");
        assert!(rows.account("github", "1").await.unwrap().is_none());
        let tokens = rows.account("github", "583231").await.unwrap().unwrap().tokens;
        assert!(!tokens.members().contains_key("id_token"));
    }
}

#[tokio::test]
async fn openid_connect_needs_an_id_token() {
    for token in [None, Some(json!(null)), Some(json!("")), Some(json!(7))] {
        let mut world = World::new();
        world.idp.change(|idp| drop(idp.response.insert("id_token", token)));
        world.expect_refusal("no ID token").await;
    }
}

#[tokio::test]
async fn r032_the_documents_issuer_is_the_configured_one() {
    for issuer in [
        json!("https://id.example/"),
        json!("https://ID.example"),
        json!("https://other.example"),
        json!("http://id.example"),
        json!(""),
        json!(null),
        json!(["https://id.example"]),
    ] {
        let mut world = World::new();
        world.idp.change(|idp| idp.document["issuer"] = issuer.clone());
        let answer = world.browser.post("/api/auth/signin/idp", &[]).await;
        assert_eq!(answer.location(), format!("{BASE}/error?error=OAuthSignin"), "{issuer}");
    }
}

#[tokio::test]
async fn r035_a_code_is_never_sent_twice() {
    for broken in [None, Some((500, "text/plain", String::new()))] {
        let mut world = World::new();
        world.idp.change(|idp| drop(idp.broken.insert("/token", broken)));
        world.expect_refusal("the token endpoint").await;
        assert_eq!(world.idp.paths(), ["/token"]);
    }
}

#[tokio::test]
async fn r059_nothing_of_another_subjects_user_info_is_used() {
    for subject in
        [None, Some(json!("248289761001 ")), Some(json!(248_289_761_001_u64)), Some(json!(null))]
    {
        let mut world = World::with_provider(|oidc| oidc.fetch_user_info(true));
        world.idp.change(|idp| match subject.clone() {
            Some(subject) => idp.user_info["sub"] = subject,
            None => drop(idp.user_info.as_object_mut().unwrap().remove("sub")),
        });
        world.expect_refusal(&format!("{subject:?}")).await;
    }
}

/// The only request to that path.
fn only(requests: &[Received], path: &str) -> Received {
    let mut found = requests.iter().filter(|request| request.url.path() == path);
    let request = found.next().unwrap().clone();
    assert!(found.next().is_none(), "{path} was asked twice");
    request
}

#[tokio::test]
async fn r023_client_credentials_travel_in_the_token_request_only() {
    // The provider takes both apart and compares; it answers 400 to anything that is not exact.
    let methods = json!(["client_secret_post", "private_key_jwt"]);
    let automatic = World::new();
    automatic.idp.change(|idp| {
        idp.document["token_endpoint_auth_methods_supported"] = methods;
    });
    let basic = World::with_provider(|oidc| {
        let client = OAuthClient::new("client id", "s:e%c+r é/t".into());
        oidc.client(client.authentication(ClientAuthentication::Basic))
    });
    let post = World::with_provider(|oidc| {
        let client = OAuthClient::new("client id", "s:e%c+r é/t".into());
        oidc.client(client.authentication(ClientAuthentication::Post))
    });
    for (mut world, in_form) in [(automatic, true), (basic, false), (post, true)] {
        let answer = world.sign_in("idp").await;
        assert_eq!(answer.location(), format!("{ORIGIN}/next"));
        let requests = world.idp.requests();
        let token_request = only(&requests, "/token");
        assert_eq!(token_request.method, Method::POST);
        assert_eq!(token_request.form.contains_key("client_secret"), in_form);
        assert_eq!(token_request.headers.contains_key("authorization"), !in_form);
        for request in requests {
            assert!(!request.url.as_str().contains("s%3Ae") && request.url.query().is_none());
        }
    }
}

#[tokio::test]
async fn a_public_client_sends_its_id_and_no_secret() {
    let mut world = World::with_provider(|oidc| oidc.client(OAuthClient::public("client id")));
    // This provider wants a secret.
    world.idp.break_endpoint("/token", 401, r#"{"error":"invalid_client"}"#);
    world.expect_refusal("no secret").await;
    let request = only(&world.idp.requests(), "/token");
    assert_eq!(request.form["client_id"], "client id");
    assert!(!request.form.contains_key("client_secret"));
    assert!(!request.headers.contains_key("authorization"));
    assert_eq!(request.form["code_verifier"].len(), 43);
}

#[tokio::test]
async fn a_profile_that_cannot_be_mapped_leads_back_to_the_sign_in_page() {
    for id in [json!("not a number"), json!(null), json!([7])] {
        let mut world = World::new();
        world.github.change(|github| github.user_info["id"] = id);
        let answer = world.sign_in("github").await;
        assert_eq!(
            answer.outline(),
            [&format!("302 {BASE}/signin"), "-state", "-pkce.code_verifier"]
        );
        assert_eq!(world.lines.codes(), ["OAUTH_PARSE_PROFILE_ERROR"]);
        assert_eq!(world.browser.session().await, json!({}));
    }
}

type MapProfile = fn(Value) -> Result<Profile, CallbackError>;

/// A provider whose profile function is the application's.
struct Own(MapProfile);

impl Provider for Own {
    type Kind = OAuthKind;

    fn into_definition(self) -> OAuthDefinition {
        OAuthDefinition::builder()
            .id("own")
            .name("Own")
            .client(OAuthClient::new("client id", "s:e%c+r é/t".into()))
            .endpoints(
                Endpoints::oauth2()
                    .authorization_endpoint(
                        "https://github.com/login/oauth/authorize?allow_signup=false&client_id=x",
                    )
                    .token_endpoint("https://github.com/login/oauth/access_token")
                    .userinfo_endpoint("https://api.github.com/user")
                    .build(),
            )
            .checks([Check::State])
            .profile(ProfileMapper::new(move |raw: Value, _| (self.0)(raw)))
            .authorization_parameters([("audience".to_owned(), "api".to_owned())])
            .build()
    }
}

#[tokio::test]
async fn an_applications_profile_function_may_fail_and_must_give_an_id() {
    let functions: [(MapProfile, &str); 3] = [
        (|_| Err(CallbackError::new("no")), "/api/auth/signin"),
        (|_| Ok(Profile::new("")), "/api/auth/signin"),
        (|_| Ok(Profile::new("7").email("A@B.CO".to_owned())), ""),
    ];
    for (function, place) in functions {
        let mut world = world!(site => site.provider(Own(function)).build().unwrap());
        let answer = world.browser.post("/api/auth/signin/own", &[]).await;
        let location = answer.location();
        let start = "https://github.com/login/oauth/authorize?client_id=client%20id&\
                     response_type=code&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fapi%2Fauth%2F\
                     callback%2Fown&allow_signup=false&audience=api&state=";
        assert!(location.starts_with(start), "{location}");
        let back = world.github.authorize(location);
        let answer = world.browser.get(&back).await;
        assert_eq!(answer.location(), format!("{ORIGIN}{place}"));
        let email = world.browser.session().await["user"]["email"].clone();
        assert_eq!(email == "a@b.co", place.is_empty());
    }
}

#[tokio::test]
async fn expiry_and_session_state_stand_in_the_account() {
    use std::sync::{Arc, Mutex};
    use typegate::hooks::Callbacks;

    let seen: Arc<Mutex<Value>> = Arc::default();
    let sink = Arc::clone(&seen);
    let callbacks = Callbacks::new().sign_in(move |attempt| {
        *sink.lock().unwrap() = Value::Object(attempt.account.tokens.members().clone());
        async { Ok(true) }
    });
    let mut world = world!(site => site.callbacks(callbacks).build().unwrap());
    let back = world.start("idp").await;
    world.browser.get(&format!("{back}&session_state=abc")).await;
    let tokens = seen.lock().unwrap().clone();
    assert_eq!(tokens["expires_at"], NOW + 3600);
    assert_eq!(tokens["session_state"], "abc");
    assert_eq!(tokens["refresh_token"], "rt-secret-1");
    assert!(tokens.get("expires_in").is_none());
}

#[tokio::test]
async fn r060_a_signed_answer_of_the_userinfo_endpoint_is_refused() {
    let claims = r#"{"sub":"248289761001","iss":"https://id.example","aud":"client id"}"#;
    let signed = sign_rs256(r#"{"alg":"RS256","kid":"one"}"#, claims);
    for kind in ["application/jwt", "application/json"] {
        let mut world = World::with_provider(|oidc| oidc.fetch_user_info(true));
        world.idp.change(|idp| {
            idp.broken.insert("/userinfo", Some((200, kind, signed.clone())));
        });
        world.expect_refusal(kind).await;
    }
}
