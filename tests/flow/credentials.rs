//! The sign-in with credentials: `callback/<credentials>`, which asks the application.

use std::sync::{Arc, Mutex};

use http::Method;
use serde_json::{Value, json};
use typegate::hooks::{Callbacks, Events};
use typegate::provider::{AuthorizeRequest, Credentials};
use typegate::{AuthorizeError, CallbackError, JsonObject, User};

use super::support::{BASE, NOW, ORIGIN, SECRET, World, credentials, error, open, world};

const CALLBACK: &str = "/api/auth/callback/credentials";

fn start() -> World {
    world!(site => site.provider(credentials()).build().unwrap())
}

fn failed() -> String {
    format!("{BASE}/error?error=CredentialsSignin&provider=credentials")
}

#[tokio::test]
async fn a_form_signs_in() {
    let mut world = start();
    let fields = [("username", "ada"), ("password", "1815"), ("callbackUrl", "/next?a=b")];
    let answer = world.browser.post(CALLBACK, &fields).await;
    assert_eq!(
        answer.outline(),
        [&format!("302 {ORIGIN}/next?a=b"), "callback-url", "session-token"]
    );
    let cookie = answer.cookie("next-auth.session-token").unwrap();
    assert_eq!(cookie.expires, Some(NOW + 30 * 86400));
    let mut claims = open(&cookie.value, SECRET, "");
    claims.as_object_mut().unwrap().remove("jti");
    let expected = json!({
        "name": "Ada Lovelace", "email": "ada@example.com", "sub": "1", "iat": NOW,
        "exp": NOW + 30 * 86400,
    });
    assert_eq!(claims, expected);
    let user = json!({ "name": "Ada Lovelace", "email": "ada@example.com" });
    assert_eq!(world.browser.session().await["user"], user);
}

#[tokio::test]
async fn json_signs_in_and_is_answered_by_json_on_the_text_true_only() {
    for (wanted, status) in [(json!("true"), 200), (json!(true), 302), (json!("1"), 302)] {
        let mut world = start();
        let token = world.browser.csrf_token().await;
        let body = json!({
            "username": "ada", "password": "1815", "csrfToken": token, "callbackUrl": "/next",
            "json": wanted,
        });
        let answer = world.browser.post_json(CALLBACK, &body).await;
        assert_eq!(answer.status(), status);
        let place = match status {
            200 => answer.json()["url"].as_str().unwrap().to_owned(),
            _ => answer.location().to_owned(),
        };
        assert_eq!(place, format!("{ORIGIN}/next"));
        assert_eq!(world.browser.session().await["user"]["name"], "Ada Lovelace");
    }
}

#[tokio::test]
async fn r084_every_failure_looks_alike() {
    for fields in [
        [("username", "ada"), ("password", "wrong")],
        [("username", "nobody"), ("password", "1815")],
        [("username", "broken"), ("password", "1815")],
        // Fields that do not fit the type.
        [("username", "ada"), ("pass", "1815")],
    ] {
        let mut world = start();
        let mut as_json = fields.to_vec();
        as_json.push(("json", "true"));
        let answer = world.browser.post(CALLBACK, &as_json).await;
        assert_eq!((answer.status().as_u16(), answer.json()), (401, json!({ "url": failed() })));
        assert_eq!(answer.cookies, []);
        let answer = world.browser.post(CALLBACK, &fields).await;
        assert_eq!(answer.outline(), [format!("302 {}", failed())]);
        let next = world.browser.get(answer.location()).await;
        assert_eq!(next.outline(), [format!("302 {BASE}/signin?error=CredentialsSignin")]);
        let page = world.browser.get(next.location()).await;
        assert!(page.text().contains("Sign in failed. Check the details you provided"));
        assert_eq!(world.browser.session().await, json!({}));
    }
}

#[tokio::test]
async fn r084_an_applications_sentence_is_encoded() {
    let mut world = start();
    let fields = [("username", "locked"), ("password", "x")];
    let answer = world.browser.post(CALLBACK, &fields).await;
    let sentence = "Locked%20%3Cb%3E%26%20gone%3C%2Fb%3E%0D%0AX%3A%20y";
    assert_eq!(answer.outline(), [error(sentence)]);
    let page = world.browser.get(answer.location()).await;
    assert_eq!(page.outline(), ["200 page Error"]);
    assert!(!page.text().contains("Locked"));
    let fields = [("username", "locked"), ("password", "x"), ("json", "true")];
    let answer = world.browser.post(CALLBACK, &fields).await;
    assert_eq!(answer.status(), 401);
}

#[tokio::test]
async fn r083_only_a_post_with_the_csrf_token_signs_in() {
    let mut world = start();
    let fields = [("username", "ada"), ("password", "1815")];
    let first = world.browser.submit(CALLBACK, &fields).await;
    assert_eq!(
        first.outline(),
        [&format!("302 {BASE}/signin?csrf=true"), "csrf-token", "callback-url"]
    );
    let answer = world.browser.submit(CALLBACK, &fields).await;
    assert_eq!(answer.outline(), [format!("302 {BASE}/signin?csrf=true")]);
    let token = world.browser.csrf_token().await;
    let query = format!("{CALLBACK}?username=ada&password=1815&csrfToken={token}");
    let answer = world.browser.get(&query).await;
    let text = "500 Error: Callback for provider type credentials not supported";
    assert_eq!(answer.outline(), [text]);
    let head = world.browser.request(Method::HEAD, &query, None, "").await;
    assert_eq!(head.status(), 400);
    let answer = world.browser.submit(&query, &[]).await;
    assert_eq!(answer.outline(), [format!("302 {BASE}/signin?csrf=true")]);
    assert_eq!(world.browser.session().await, json!({}));
}

#[tokio::test]
async fn r085_r150_fields_reach_authorize_unchanged_or_not_at_all() {
    #[derive(serde::Deserialize)]
    struct Typed {
        username: String,
        password: String,
    }

    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let sink = Arc::clone(&seen);
    let provider = Credentials::new(move |typed: Typed| {
        sink.lock().unwrap().extend([typed.username, typed.password]);
        async { Ok::<_, AuthorizeError>(None) }
    });
    let mut world = world!(site => site.provider(provider).build().unwrap());
    let long = "p".repeat(10 * 1024);
    for password in [" leading", "trailing ", "0", "", "ÄÖ💣", "a+b%20c&d=e", "\u{0}", &long] {
        world.browser.post(CALLBACK, &[("username", "Ada"), ("password", password)]).await;
        assert_eq!(std::mem::take(&mut *seen.lock().unwrap()), ["Ada", password]);
    }
    let token = world.browser.csrf_token().await;
    for password in [json!(0), json!(null), json!(true), json!(["a"]), json!({ "$ne": "" })] {
        let body = json!({ "username": "Ada", "password": password, "csrfToken": token });
        let answer = world.browser.post_json(CALLBACK, &body).await;
        assert_eq!(answer.location(), failed(), "{password}");
    }
    let fields = [("username", "Ada"), ("password", "a"), ("password", "b")];
    assert_eq!(world.browser.post(CALLBACK, &fields).await.location(), failed());
    assert!(seen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn authorize_may_see_headers_and_the_whole_form() {
    let seen: Arc<Mutex<Option<(String, JsonObject)>>> = Arc::default();
    let sink = Arc::clone(&seen);
    let provider = Credentials::new(move |_: Value, request: AuthorizeRequest| {
        let agent = request.headers["user-agent"].to_str().unwrap().to_owned();
        *sink.lock().unwrap() = Some((agent, request.form));
        async { Ok::<_, AuthorizeError>(Some(User::new("7"))) }
    });
    let mut world = world!(site => site.provider(provider.id("pin")).build().unwrap());
    world.browser.headers.push(("user-agent".parse().unwrap(), "Tests".parse().unwrap()));
    world.browser.post("/api/auth/callback/pin", &[("pin", "1234")]).await;
    let (agent, form) = seen.lock().unwrap().take().unwrap();
    assert_eq!((&*agent, &form["pin"]), ("Tests", &json!("1234")));
    assert!(form.contains_key("csrfToken"));
    // What `authorize` does not say is absent.
    assert_eq!(world.browser.session().await["user"], json!({}));
}

#[tokio::test]
async fn the_sign_in_callback_may_refuse_redirect_or_fail() {
    use typegate::hooks::SignInDecision;

    let callbacks = Callbacks::new().sign_in(|attempt| async move {
        assert_eq!(attempt.account.provider, "credentials");
        match attempt.raw_profile["mood"].as_str() {
            Some("deny") => Ok(SignInDecision::Deny),
            Some("away") => Ok(SignInDecision::Redirect("/elsewhere?x=1".into())),
            Some("fail") => Err(CallbackError::visible("too & late")),
            _ => Ok(SignInDecision::Allow),
        }
    });
    let mut world =
        world!(site => site.provider(credentials()).callbacks(callbacks).build().unwrap());
    for (mood, status, place) in [
        ("deny", 403, format!("{BASE}/error?error=AccessDenied")),
        ("away", 200, "/elsewhere?x=1".to_owned()),
        ("fail", 200, format!("{BASE}/error?error=too%20%26%20late")),
    ] {
        let mut fields =
            vec![("username", "ada"), ("password", "1815"), ("mood", mood), ("json", "true")];
        let answer = world.browser.post(CALLBACK, &fields).await;
        assert_eq!((answer.status().as_u16(), answer.json()), (status, json!({ "url": place })));
        fields.pop();
        let answer = world.browser.post(CALLBACK, &fields).await;
        assert_eq!(answer.outline(), [format!("302 {place}")]);
        assert_eq!(world.browser.session().await, json!({}));
    }
    let page = world.browser.get(&format!("{BASE}/error?error=AccessDenied")).await;
    assert_eq!(page.outline(), ["403 page Error"]);
    let answer = world.browser.sign_in_with_credentials().await;
    assert_eq!(answer.location(), ORIGIN);
}

#[tokio::test]
async fn r164_a_failing_jwt_callback_is_a_clean_refusal_and_a_failing_event_nothing() {
    let jwt = Callbacks::new().jwt(|_| async { Err(CallbackError::new("no")) });
    let mut world = world!(site => site.provider(credentials()).callbacks(jwt).build().unwrap());
    let fields = [("username", "ada"), ("password", "1815"), ("json", "true")];
    let answer = world.browser.post(CALLBACK, &fields).await;
    let url = format!("{BASE}/error?error=Callback");
    assert_eq!((answer.status().as_u16(), answer.json()), (500, json!({ "url": url })));
    assert_eq!(world.browser.session().await, json!({}));

    let events = Events::new().sign_in(|_| async { Err(CallbackError::new("no")) });
    let mut world = world!(site => site.provider(credentials()).events(events).build().unwrap());
    let answer = world.browser.sign_in_with_credentials().await;
    assert_eq!(answer.outline(), [&format!("302 {ORIGIN}"), "session-token"]);
    assert_eq!(world.lines.codes(), ["SIGN_IN_EVENT_ERROR"]);
}
