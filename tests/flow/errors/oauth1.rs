//! Errors of a sign-in by OAuth 1.0a.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::Response;
use typegate::Profile;
use typegate::error::{PageError, Shown};
use typegate::provider::{
    OAuth1Client, OAuth1Definition, OAuth1Endpoints, OAuth1Kind, ProfileMapper, Provider,
};
use typegate::testing::FakeHttpClient;

use super::super::support::{Parts, World, site};
use super::{Outcome, scenarios};

const NOT_FINISHED: Shown = Shown::Error(PageError::Callback);

scenarios! {
    the_request_token_is_refused {
        logs: [GetAuthorizationUrl, SignInOAuth],
        shown: Shown::Error(PageError::OAuthSignin),
        provider: Some("trails"),
        says: "401",
        drive: started_with("/request_token", 401, "canary-of-a-body"),
    }
    the_request_token_has_an_empty_body {
        logs: [GetAuthorizationUrl, SignInOAuth],
        shown: Shown::Error(PageError::OAuthSignin),
        provider: Some("trails"),
        says: "expected 200 OK with body but no body was returned",
        drive: started_with("/request_token", 200, ""),
    }
    the_access_token_is_refused {
        logs: [OAuthV1GetAccessToken, OAuthCallback],
        shown: NOT_FINISHED,
        provider: Some("trails"),
        says: "401",
        drive: finished_with("/access_token", 401, "canary-of-a-body"),
    }
    the_profile_request_is_refused {
        logs: [OAuthV1GetAccessToken, OAuthCallback],
        shown: NOT_FINISHED,
        provider: Some("trails"),
        says: "403",
        drive: finished_with("/me.json", 403, "canary-of-a-body"),
    }
    the_profile_is_no_json {
        logs: [OAuthV1GetAccessToken, OAuthCallback],
        shown: NOT_FINISHED,
        provider: Some("trails"),
        says: "not a JSON object",
        drive: finished_with("/me.json", 200, "<p>canary-of-a-body</p>"),
    }
    the_cookie_is_missing {
        logs: [OAuthV1GetAccessToken, OAuthCallback],
        shown: NOT_FINISHED,
        provider: Some("trails"),
        says: "cookie is missing",
        drive: async {
            let (mut world, _) = trails();
            let answer = world.browser.get(BACK).await;
            Outcome::answered(world, answer)
        },
    }
    the_visitor_says_no {
        logs: [OAuthCallbackHandler, OAuthCallback],
        shown: NOT_FINISHED,
        provider: Some("trails"),
        says: "`denied`",
        drive: async {
            let (mut world, _) = trails();
            world.browser.post("/api/auth/signin/trails", &[]).await;
            let answer = world.browser.get("/api/auth/callback/trails?denied=temporary").await;
            Outcome::answered(world, answer)
        },
    }
    the_profile_does_not_parse {
        logs: [OAuthParseProfile],
        shown: Shown::SignInPage,
        provider: Some("trails"),
        says: "id_str",
        drive: finished_with("/me.json", 200, r#"{"name":"Ada"}"#),
    }
}

const BACK: &str = "/api/auth/callback/trails?oauth_token=temporary&oauth_verifier=v";

struct Trails;

#[derive(serde::Deserialize)]
struct Walker {
    id_str: String,
}

impl Provider for Trails {
    type Kind = OAuth1Kind;

    fn into_definition(self) -> OAuth1Definition {
        OAuth1Definition::builder()
            .id("trails")
            .name("Trails")
            .client(OAuth1Client::new("key", "canary-of-a-consumer-secret".into()))
            .endpoints(OAuth1Endpoints {
                request_token_url: "https://trails.example/request_token".into(),
                authorization_url: "https://trails.example/authorize".into(),
                access_token_url: "https://trails.example/access_token".into(),
                profile_url: "https://trails.example/me.json".into(),
            })
            .profile(ProfileMapper::new(|walker: Walker, _| Ok(Profile::new(walker.id_str))))
            .build()
    }
}

type Broken = Arc<Mutex<Option<(&'static str, u16, &'static str)>>>;

fn trails() -> (World, Broken) {
    let broken = Broken::default();
    let breaks = Arc::clone(&broken);
    let client = FakeHttpClient::new(move |request| {
        let path = request.uri().path();
        let (status, body) = match (*breaks.lock().unwrap(), path) {
            (Some((place, status, body)), _) if place == path => (status, body),
            (_, "/request_token") => (
                200,
                "oauth_token=temporary&oauth_token_secret=canary-of-a-token-secret&oauth_callback_confirmed=true",
            ),
            (_, "/access_token") => {
                (200, "oauth_token=token&oauth_token_secret=canary-of-a-token-secret")
            }
            _ => (200, r#"{"id_str":"42"}"#),
        };
        Ok(Response::builder().status(status).body(Bytes::from_static(body.as_bytes()))?)
    });
    let parts = Parts::new();
    let site = site!(parts.clock).http_client(client).logger(parts.lines.clone());
    let auth = site.provider(Trails).build().unwrap();
    (parts.into_world(auth), broken)
}

async fn started_with(path: &'static str, status: u16, body: &'static str) -> Outcome {
    let (mut world, broken) = trails();
    *broken.lock().unwrap() = Some((path, status, body));
    let answer = world.browser.post("/api/auth/signin/trails", &[]).await;
    Outcome::answered(world, answer)
}

async fn finished_with(path: &'static str, status: u16, body: &'static str) -> Outcome {
    let (mut world, broken) = trails();
    world.browser.post("/api/auth/signin/trails", &[]).await;
    assert!(world.lines.take().is_empty());
    *broken.lock().unwrap() = Some((path, status, body));
    let answer = world.browser.get(BACK).await;
    Outcome::answered(world, answer)
}
