//! Failed requests to a provider: which one it was, what the provider said, and what to do.

use std::io;

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use typegate::BoxError;
use typegate::provider::{
    Adjust as _, ClientAuthentication, OAuthClient, OAuthKind, Oidc, PushedAuthorization,
};
use typegate::testing::{FakeHttpClient, IdentityProvider as Provider};

use crate::support::{BASE, ORIGIN, Parts, World, parameter, site, with_parameter};

const REDIRECT_URI: &str = "http://localhost:3000/api/auth/callback/idp";
const DOCUMENT: &str = "/.well-known/openid-configuration";

type Answer = (u16, &'static str, String);

fn json_of(status: u16, body: &Value) -> Answer {
    (status, "application/json", body.to_string())
}

fn broken<P: typegate::provider::Provider<Kind = OAuthKind>>(
    change: impl FnOnce(Oidc) -> P,
    path: &'static str,
    answer: Answer,
) -> World {
    let world = World::with_provider(change);
    world.idp.change(|idp| drop(idp.broken.insert(path, Some(answer))));
    world
}

/// The last line of a sign-in that fails at that path.
async fn said<P: typegate::provider::Provider<Kind = OAuthKind>>(
    change: impl FnOnce(Oidc) -> P,
    path: &'static str,
    answer: Answer,
) -> String {
    let mut world = broken(change, path, answer);
    let started = world.browser.post("/api/auth/signin/idp", &[]).await;
    if !started.location().starts_with(BASE) {
        let back = world.idp.response(started.location());
        let answer = world.browser.bring(&back).await;
        assert!(answer.location().starts_with(BASE), "{}", answer.location());
    }
    world.lines.take().pop().expect("a line").message
}

#[tokio::test]
async fn r205_each_failed_request_is_named_with_what_the_provider_said() {
    let oidc = |oidc: Oidc| oidc;
    let with_user_info = |oidc: Oidc| oidc.fetch_user_info(true);
    let pushed = |oidc: Oidc| oidc.pushed_authorization(PushedAuthorization::Always);
    let odd = json!({ "error": "odd", "error_description": "Something is odd." });
    let answer = |status| json_of(status, &odd);
    for (said, begins) in [
        (
            said(oidc, DOCUMENT, answer(400)).await,
            "the discovery document could not be used: GET \
             https://id.example/.well-known/openid-configuration: the provider answered 400 with the \
             error `odd`: Something is odd.",
        ),
        (
            said(oidc, "/token", answer(403)).await,
            "the token request failed: POST https://id.example/token: the provider answered 403 with \
             the error `odd`: Something is odd.",
        ),
        (
            said(oidc, "/keys", answer(500)).await,
            "the provider's keys could not be fetched: GET https://id.example/keys: the provider \
             answered 500 with the error `odd`: Something is odd.",
        ),
        (
            said(with_user_info, "/userinfo", answer(400)).await,
            "the userinfo request failed: GET https://id.example/userinfo: the provider answered 400 \
             with the error `odd`: Something is odd.",
        ),
        (
            said(pushed, "/par", answer(400)).await,
            "the pushed authorization request failed: POST https://id.example/par: the provider \
             answered 400 with the error `odd`: Something is odd.",
        ),
    ] {
        assert_eq!(said, begins);
    }
}

/// In whichever form: nested, a list, a form, a page.
#[tokio::test]
async fn r205_what_a_provider_says_is_read_in_whichever_form() {
    let page = "<!doctype html><title>Sign in</title>";
    for (answer, why) in [
        (
            json_of(400, &json!({ "error": { "code": 7, "message": "No" } })),
            "400 with the error `7`: No",
        ),
        (
            json_of(401, &json!({ "message": "Bad credentials" })),
            "401 with an error: Bad credentials",
        ),
        (
            json_of(400, &json!({ "errors": [{ "code": 32, "message": "No" }] })),
            "400 with the error `32`: No",
        ),
        (
            (400, "text/plain", "error=odd&error_description=It+is".into()),
            "400 with the error `odd`: It is",
        ),
        ((502, "text/html", page.into()), "502 with a web page"),
        ((500, "application/json", "{}".into()), "500"),
    ] {
        let said = said(|oidc| oidc, "/token", answer).await;
        let expected = format!("POST https://id.example/token: the provider answered {why}");
        assert_eq!(said, format!("the token request failed: {expected}"));
    }
    let said = said(|oidc| oidc, "/token", (200, "text/html", page.into())).await;
    assert!(
        said.contains("not a JSON object but a web page: the address is another one's"),
        "{said}"
    );
}

#[tokio::test]
async fn r205_the_usual_misconfigurations_name_the_setting_and_what_was_sent() {
    let oidc = |oidc: Oidc| oidc;
    let error = |status, code: &str| json_of(status, &json!({ "error": code }));
    let client = OAuthClient::new(Provider::CLIENT_ID, Provider::CLIENT_SECRET.into());
    for (said, says) in [
        (
            said(oidc, "/token", error(401, "invalid_client")).await,
            "the client `client id` authenticated by `client_secret_basic`: compare client id and \
             secret with the provider's, and set `client_authentication` if it wants another way",
        ),
        (
            said(
                |oidc| oidc.client(client.authentication(ClientAuthentication::Post)),
                "/token",
                error(401, "invalid_client"),
            )
            .await,
            "by `client_secret_post`",
        ),
        (
            said(oidc, "/token", error(400, "invalid_grant")).await,
            "a code is good once and for a short time; the redirect URI that was sent with it is \
             `http://localhost:3000/api/auth/callback/idp`",
        ),
        (
            said(oidc, "/token", error(400, "redirect_uri_mismatch")).await,
            "the redirect URI that was sent is `http://localhost:3000/api/auth/callback/idp`: \
             register exactly that one",
        ),
        (
            said(oidc, "/token", error(400, "unauthorized_client")).await,
            "does not let the client `client id` do this: allow the grant `authorization_code`",
        ),
        (
            said(oidc, "/token", error(400, "invalid_scope")).await,
            "the scope that was asked for is `openid profile email`: set `scope`",
        ),
        (
            said(oidc, DOCUMENT, (404, "text/html", "<p>".into())).await,
            "404 with a web page (no discovery document is there: see `issuer`",
        ),
        (
            said(|oidc| oidc.fetch_user_info(true), "/userinfo", error(401, "invalid_token")).await,
            "(the endpoint does not take the access token: see that `userinfo_endpoint`",
        ),
    ] {
        assert!(said.contains(says), "{said}");
    }
    let mut world = broken(oidc, "/token", error(401, "invalid_client"));
    world.idp.change(|idp| {
        idp.document["token_endpoint_auth_methods_supported"] =
            json!(["client_secret_post", "private_key_jwt"]);
    });
    world.sign_in("idp").await;
    let said = world.lines.take().pop().unwrap().message;
    let offers =
        "by `client_secret_post`, the provider offers `client_secret_post, private_key_jwt`";
    assert!(said.contains(offers), "{said}");
}

/// The same codes, brought by the browser.
#[tokio::test]
async fn r205_a_refusal_that_the_browser_brings_says_as_much() {
    for (code, says) in [
        ("invalid_scope", "(the scope that was asked for is `openid profile email`"),
        ("unauthorized_client", "(the provider does not let the client `client id` do this"),
        ("unsupported_response_type", "(the provider does not know the authorization code flow"),
        ("redirect_uri_mismatch", REDIRECT_URI),
        ("temporarily_unavailable", "(that is a failure of the provider's own)"),
    ] {
        let mut world = World::new();
        let state = parameter(&world.start("idp").await, "state");
        let query =
            format!("error={code}&error_description=It+is+%22odd%22%00%0d%0a&state={state}");
        world.browser.get(&format!("/api/auth/callback/idp?{query}")).await;
        let lines = world.lines.take();
        for line in &lines {
            let begins = format!("the provider answered `{code}`: It is \"odd\"");
            assert!(line.message.starts_with(&begins), "{}", line.message);
            assert!(line.message.contains(says), "{}", line.message);
        }
        assert_eq!(lines.len(), 2);
    }
}

/// A provider knows what was sent to it, and may repeat it in its sentence.
#[tokio::test]
async fn r205_a_sentence_of_a_provider_repeats_nothing_that_was_sent() {
    const CODE: &str = "code/of ada";
    let secret = Provider::CLIENT_SECRET;
    for (path, status) in [("/token", 400), ("/token", 200), ("/token", 500), ("/userinfo", 401)] {
        let mut world = World::with_provider(|oidc| oidc.fetch_user_info(true));
        let back = world.start("idp").await;
        let verifier = crate::support::open(
            world.browser.jar.value("next-auth.pkce.code_verifier").unwrap(),
            crate::support::SECRET,
            "next-auth.pkce.code_verifier",
        );
        let verifier = verifier["value"].as_str().unwrap().to_owned();
        let encoded = form_urlencoded::byte_serialize(CODE.as_bytes()).collect::<String>();
        let sentence = format!(
            "{secret} and {CODE} or {encoded} with {verifier} or at-secret-1 are not eyJhbGciOi.JSUzI1NiIs"
        );
        let body = json!({ "error": "odd", "error_description": sentence });
        world.idp.change(|idp| drop(idp.broken.insert(path, Some(json_of(status, &body)))));
        let back = if path == "/token" { with_parameter(&back, "code", &[CODE]) } else { back };
        world.browser.get(&back).await;
        let lines = world.lines.take();
        let written = format!("{lines:?}");
        assert!(written.contains("with the error `odd`: … and"), "{written}");
        for told in [secret, &verifier, "eyJhbGciOi"] {
            assert!(!written.contains(told), "{path} {status}: {told} in {written}");
        }
        match path {
            "/token" => {
                assert!(!written.contains(CODE) && !written.contains(&encoded), "{written}");
            }
            _ => assert!(!written.contains("at-secret-1"), "{written}"),
        }
    }
}

/// Also a short one, which might be a word.
#[tokio::test]
async fn r221_no_secret_is_too_short_to_be_left_out() {
    for secret in ["k9", "hunter2", "tr0ub4dor&3", "it's twelve."] {
        let client = OAuthClient::new(Provider::CLIENT_ID, secret.into());
        let change = |oidc: Oidc| oidc.client(client);
        let mut world = World::with_provider(change);
        world.idp.change(|idp| idp.client_secret = secret.into());
        let back = world.start("idp").await;
        let sentence = format!("{secret} with c0 is wrong, the redirect_uri is not");
        let body = json!({ "error": "odd", "error_description": sentence });
        world.idp.change(|idp| drop(idp.broken.insert("/token", Some(json_of(400, &body)))));
        world.browser.get(&with_parameter(&back, "code", &["c0"])).await;
        let said = world.lines.take().pop().unwrap().message;
        let expected = "with the error `odd`: … with … is wrong, the redirect_uri is not";
        assert!(said.contains(expected), "{said}");
    }
}

/// How long it takes to find a secret in a text depends on both, and anybody can bring a text, as often
/// as they like. What came with the browser was never secret to it.
#[tokio::test]
async fn r224_what_a_browser_brings_is_compared_with_no_secret() {
    let mut world = World::new();
    let secret = Provider::CLIENT_SECRET;
    let state = parameter(&world.start("idp").await, "state");
    let sentence = format!("the secret {secret} of {state} is wrong");
    let back = format!("/api/auth/callback/idp?error=odd&state={state}");
    let back = with_parameter(&format!("{ORIGIN}{back}"), "error_description", &[&sentence]);
    world.browser.get(&back).await;
    let lines = world.lines.take();
    assert!(!lines.is_empty());
    for line in lines {
        let expected = format!("`odd`: the secret {secret} of … is wrong");
        assert!(line.message.contains(&expected), "{line:?}");
    }
}

/// A client of the application's own may name the whole address, or all that it was given.
#[tokio::test]
async fn r222_what_an_http_client_says_repeats_nothing_that_was_sent() {
    let parts = Parts::new();
    let idp = parts.idp.clone();
    let client = FakeHttpClient::new(move |request: &Request<Bytes>| {
        let token = request.uri().path().strip_prefix("/me/").map(ToOwned::to_owned);
        match token {
            Some(token) => {
                let cause = io::Error::other(format!("{token} is no good"));
                Err(BoxError::from(Broken(request.uri().to_string(), cause)))
            }
            None => idp.answer(request),
        }
    });
    let oidc = parts.idp.oidc().fetch_user_info(true);
    let oidc = oidc.endpoints(|all| all.userinfo_endpoint("https://id.example/me/{access_token}"));
    let auth = site!(parts.clock)
        .provider(oidc)
        .http_client(client)
        .logger(parts.lines.clone())
        .build()
        .unwrap();
    let mut world = parts.into_world(auth);
    world.sign_in("idp").await;
    let lines = world.lines.take();
    let said = &lines.last().unwrap().message;
    let expected =
        "GET https://id.example/me/…: https://id.example/me/… did not work: … is no good";
    assert!(said.ends_with(expected), "{said}");
    let written = format!("{lines:?}");
    assert!(!written.contains("at-secret"), "{written}");
}

#[derive(Debug, thiserror::Error)]
#[error("{0} did not work")]
struct Broken(String, #[source] io::Error);
