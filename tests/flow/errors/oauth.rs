//! Errors of a sign-in by OAuth 2.0 and OpenID Connect.

use serde_json::{Value, json};
use typegate::CallbackError;
use typegate::error::{PageError, Shown};
use typegate::hooks::Callbacks;
use typegate::provider::{
    Adjust as _, Check, IssuerComparison, OAuthDefinition, Oidc, Provider as _,
};
use typegate::testing::NoRandomness;

use super::super::support::{Database, World, parameter, rsa_key, world};
use super::{Outcome, scenarios};

const NOT_STARTED: Shown = Shown::Error(PageError::OAuthSignin);
const NOT_FINISHED: Shown = Shown::Error(PageError::OAuthCallback);
const NOT_TURNED_INTO_A_SESSION: Shown = Shown::Error(PageError::Callback);

scenarios! {
    discovery_is_not_reached {
        logs: [GetAuthorizationUrl, SignInOAuth],
        shown: NOT_STARTED,
        provider: Some("idp"),
        says: "the connection was reset",
        drive: started_with(DISCOVERY, None),
    }
    discovery_answers_500 {
        logs: [GetAuthorizationUrl, SignInOAuth],
        shown: NOT_STARTED,
        provider: Some("idp"),
        says: "500",
        drive: started_with(DISCOVERY, Some((500, "{}"))),
    }
    discovery_has_an_empty_body {
        logs: [GetAuthorizationUrl, SignInOAuth],
        shown: NOT_STARTED,
        provider: Some("idp"),
        says: "expected 200 OK with body but no body was returned",
        drive: started_with(DISCOVERY, Some((200, ""))),
    }
    the_state_cannot_be_made {
        logs: [GetAuthorizationUrl, SignInOAuth],
        shown: NOT_STARTED,
        provider: Some("idp"),
        says: "the state cookie could not be made",
        drive: started_without_randomness(Oidc::into_definition),
    }
    the_code_verifier_cannot_be_made {
        logs: [Pkce, SignInOAuth],
        shown: NOT_STARTED,
        provider: Some("idp"),
        says: "the pkce cookie could not be made",
        drive: started_without_randomness(|oidc| oidc.checks([Check::Pkce]).into_definition()),
    }
    the_provider_names_what_is_no_address {
        logs: [ProfileEmail],
        shown: Shown::GoesOn,
        provider: Some("idp"),
        says: "`email`",
        drive: async {
            let mut world = World::new();
            world.idp.change(|idp| drop(idp.claims.insert("email", Some("a@corp%2etest".into()))));
            let answer = world.sign_in("idp").await;
            Outcome::answered(world, answer)
        },
    }
    a_member_that_decorates_cannot_be_read {
        logs: [ProfileMemberLeftOut],
        shown: Shown::GoesOn,
        provider: Some("idp"),
        says: "`picture` is not a text",
        drive: async {
            let mut world = World::new();
            world.idp.change(|idp| drop(idp.claims.insert("picture", Some(json!({ "url": "x" })))));
            let answer = world.sign_in("idp").await;
            Outcome::answered(world, answer)
        },
    }
    a_lifetime_is_no_number {
        logs: [TokenResponse],
        shown: Shown::GoesOn,
        provider: Some("idp"),
        says: "`expires_in` is left out",
        drive: async {
            let mut world = World::new();
            world.idp.change(|idp| drop(idp.response.insert("expires_in", Some("soon".into()))));
            let answer = world.sign_in("idp").await;
            Outcome::answered(world, answer)
        },
    }
    the_keys_are_not_reached_again {
        logs: [ProviderOutage],
        shown: Shown::GoesOn,
        provider: Some("idp"),
        says: "the key set could not be fetched again",
        drive: async {
            let mut world = World::new();
            world.sign_in("idp").await;
            world.clock.advance(3601);
            let back = world.start("idp").await;
            world.idp.change(|idp| drop(idp.broken.insert("/keys", None)));
            world.lines.take();
            let answer = world.browser.get(&back).await;
            Outcome::answered(world, answer)
        },
    }
    the_visitor_says_no {
        logs: [OAuthCallbackHandler, OAuthCallback],
        shown: NOT_TURNED_INTO_A_SESSION,
        provider: Some("idp"),
        says: "access_denied",
        drive: async {
            let mut world = World::new();
            let state = parameter(&world.start("idp").await, "state");
            let query = format!("error=access_denied&error_description=no&state={state}");
            let answer = world.browser.get(&format!("/api/auth/callback/idp?{query}")).await;
            Outcome::answered(world, answer)
        },
    }
    the_state_cookie_is_missing {
        logs: [CallbackOAuth, OAuthCallback],
        shown: NOT_FINISHED,
        provider: Some("idp"),
        says: "the state cookie is missing",
        drive: without_cookie("next-auth.state"),
    }
    the_pkce_cookie_is_missing {
        logs: [Pkce, CallbackOAuth, OAuthCallback],
        shown: NOT_FINISHED,
        provider: Some("idp"),
        says: "the pkce cookie is missing",
        drive: without_cookie("next-auth.pkce.code_verifier"),
    }
    the_nonce_cookie_is_missing {
        logs: [CallbackOAuth, OAuthCallback],
        shown: NOT_FINISHED,
        provider: Some("idp"),
        says: "the nonce cookie is missing",
        drive: without_cookie("next-auth.nonce"),
    }
    the_pkce_cookie_has_expired {
        logs: [Pkce, CallbackOAuth, OAuthCallback],
        shown: NOT_FINISHED,
        provider: Some("idp"),
        says: "the pkce cookie is not valid",
        drive: async {
            let mut world = World::with_provider(|oidc| oidc.checks([Check::Pkce]));
            let back = world.start("idp").await;
            let name = "next-auth.pkce.code_verifier";
            let value = world.browser.jar.value(name).unwrap().to_owned();
            world.clock.advance(3600);
            world.browser.jar.plant(name, &value);
            let answer = world.browser.get(&back).await;
            Outcome::answered(world, answer)
        },
    }
    a_private_key_is_published {
        logs: [PrivateKeyPublished],
        shown: Shown::GoesOn,
        provider: Some("idp"),
        says: "private part",
        drive: async {
            let mut world = World::new();
            let mut key = rsa_key("two");
            key["d"] = "AQAB".into();
            world.idp.change(|idp| idp.keys = json!({ "keys": [key, rsa_key("one")] }));
            let answer = world.sign_in("idp").await;
            Outcome::answered(world, answer)
        },
    }
    the_issuer_has_another_slash {
        logs: [IssuerSlash],
        shown: Shown::GoesOn,
        provider: Some("idp"),
        says: "taken as one",
        drive: async {
            let mut world = World::with_provider(|oidc| {
                oidc.issuer_comparison(IssuerComparison::IgnoringFinalSlash)
            });
            world.idp.change(|idp| idp.document["issuer"] = "https://id.example/".into());
            let start = [("callbackUrl", "/next")];
            let answer = world.browser.post("/api/auth/signin/idp", &start).await;
            Outcome::answered(world, answer)
        },
    }
    the_state_is_another {
        logs: [CallbackOAuth, OAuthCallback],
        shown: NOT_FINISHED,
        provider: Some("idp"),
        says: "state cookie is missing",
        drive: async {
            let mut world = World::new();
            let back = world.start("idp").await.replace("state=", "state=x");
            let answer = world.browser.get(&back).await;
            Outcome::answered(world, answer)
        },
    }
    the_token_endpoint_refuses {
        logs: [OAuthGetAccessToken, CallbackOAuth, OAuthCallback],
        shown: NOT_FINISHED,
        provider: Some("idp"),
        says: "400 with the error `invalid_client`",
        drive: finished_with("/token", Some((400, REFUSAL))),
    }
    the_token_endpoint_is_not_reached {
        logs: [OAuthGetAccessToken, CallbackOAuth, OAuthCallback],
        shown: NOT_FINISHED,
        provider: Some("idp"),
        says: "the connection was reset",
        drive: finished_with("/token", None),
    }
    the_token_endpoint_has_an_empty_body {
        logs: [OAuthGetAccessToken, CallbackOAuth, OAuthCallback],
        shown: NOT_FINISHED,
        provider: Some("idp"),
        says: "expected 200 OK with body but no body was returned",
        drive: finished_with("/token", Some((200, ""))),
    }
    the_token_endpoint_does_not_answer_json {
        logs: [OAuthGetAccessToken, CallbackOAuth, OAuthCallback],
        shown: NOT_FINISHED,
        provider: Some("idp"),
        says: "not a JSON object",
        drive: finished_with("/token", Some((200, "access_token=at-secret&x=canary-of-a-body"))),
    }
    the_keys_are_not_reached {
        logs: [CallbackOAuth, OAuthCallback],
        shown: NOT_FINISHED,
        provider: Some("idp"),
        says: "keys could not be fetched",
        drive: finished_with("/keys", None),
    }
    the_id_token_is_for_somebody_else {
        logs: [CallbackOAuth, OAuthCallback],
        shown: NOT_FINISHED,
        provider: Some("idp"),
        says: "the ID token",
        drive: async {
            let mut world = World::new();
            let elsewhere = Some(json!("another client"));
            world.idp.change(|idp| drop(idp.claims.insert("aud", elsewhere)));
            let answer = world.sign_in("idp").await;
            Outcome::answered(world, answer)
        },
    }
    userinfo_refuses {
        logs: [OAuthGetProfile, CallbackOAuth, OAuthCallback],
        shown: NOT_FINISHED,
        provider: Some("github"),
        says: "500",
        drive: async {
            let mut world = World::new();
            world.github.break_endpoint("/user", 500, r#"{"error":"x","trace":"canary-of-a-body"}"#);
            let answer = world.sign_in("github").await;
            Outcome::answered(world, answer)
        },
    }
    userinfo_is_about_somebody_else {
        logs: [OAuthGetProfile, CallbackOAuth, OAuthCallback],
        shown: NOT_FINISHED,
        provider: Some("idp"),
        says: "about another subject",
        drive: async {
            let mut world = World::with_provider(|oidc| oidc.fetch_user_info(true));
            world.idp.change(|idp| idp.user_info["sub"] = "another".into());
            let answer = world.sign_in("idp").await;
            Outcome::answered(world, answer)
        },
    }
    the_profile_does_not_parse {
        logs: [OAuthParseProfile],
        shown: Shown::SignInPage,
        provider: Some("github"),
        says: "id",
        drive: async {
            let mut world = World::new();
            world.github.change(|idp| idp.user_info["id"] = Value::Null);
            let answer = world.sign_in("github").await;
            Outcome::answered(world, answer)
        },
    }
    the_jwt_callback_fails {
        logs: [OAuthCallbackHandler],
        shown: NOT_TURNED_INTO_A_SESSION,
        provider: Some("idp"),
        says: "claims.internal",
        drive: async {
            let callbacks = Callbacks::new()
                .jwt(|_| async { Err(CallbackError::new("claims.internal is down")) });
            let mut world = world!(site => site.callbacks(callbacks).build().unwrap());
            let answer = world.sign_in("idp").await;
            Outcome::answered(world, answer)
        },
    }
    the_address_belongs_to_somebody_else {
        logs: [OAuthAccountNotLinked],
        shown: Shown::Error(PageError::OAuthAccountNotLinked),
        provider: Some("github"),
        says: "belongs to another user",
        drive: async {
            let database = Database::default();
            let mut world = world!(site => site.adapter(database).build().unwrap());
            world.sign_in("idp").await;
            let jane = json!([{ "email": "jane@example.com", "primary": true, "verified": true }]);
            world.github.change(|idp| drop(idp.resources.insert("/user/emails", jane)));
            world.browser = world.another_browser();
            let answer = world.sign_in("github").await;
            Outcome::answered(world, answer)
        },
    }
    the_application_refuses {
        logs: [AccessDenied],
        shown: Shown::Error(PageError::AccessDenied),
        provider: Some("idp"),
        says: "the signIn callback refused",
        drive: async {
            let callbacks = Callbacks::new().sign_in(|_| async { Ok(false) });
            let mut world = world!(site => site.callbacks(callbacks).build().unwrap());
            let answer = world.sign_in("idp").await;
            Outcome::answered(world, answer)
        },
    }
    the_application_cannot_decide {
        logs: [AccessDenied],
        shown: Shown::ApplicationText,
        provider: Some("idp"),
        says: "come back tomorrow",
        drive: async {
            let callbacks = Callbacks::new()
                .sign_in(|_| async { Err::<bool, _>(CallbackError::visible("come back tomorrow")) });
            let mut world = world!(site => site.callbacks(callbacks).build().unwrap());
            let answer = world.sign_in("idp").await;
            Outcome::answered(world, answer)
        },
    }
}

const REFUSAL: &str = r#"{"error":"invalid_client","trace":"canary-of-a-body"}"#;

const DISCOVERY: &str = "/.well-known/openid-configuration";

type Broken = Option<(u16, &'static str)>;

fn broken(path: &'static str, how: Broken) -> World {
    let world = World::new();
    let how = how.map(|(status, body)| (status, "application/json", body.to_owned()));
    world.idp.change(|idp| drop(idp.broken.insert(path, how)));
    world
}

async fn started_with(path: &'static str, how: Broken) -> Outcome {
    let mut world = broken(path, how);
    let answer = world.browser.post("/api/auth/signin/idp", &[]).await;
    Outcome::answered(world, answer)
}

async fn started_without_randomness(change: fn(Oidc) -> OAuthDefinition) -> Outcome {
    let mut world = World::with_provider(change);
    let token = world.browser.csrf_token().await;
    let _outage = NoRandomness::start();
    let answer = world.browser.submit("/api/auth/signin/idp", &[("csrfToken", &token)]).await;
    Outcome::answered(world, answer)
}

async fn finished_with(path: &'static str, how: Broken) -> Outcome {
    let mut world = broken(path, how);
    let answer = world.sign_in("idp").await;
    Outcome::answered(world, answer)
}

async fn without_cookie(name: &str) -> Outcome {
    let mut world = World::new();
    let back = world.start("idp").await;
    assert!(world.browser.jar.value(name).is_some());
    world.browser.jar.remove(name);
    let answer = world.browser.get(&back).await;
    Outcome::answered(world, answer)
}
