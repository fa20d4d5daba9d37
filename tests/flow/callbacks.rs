//! The application's callbacks and events: what they are told, in which order, and what their
//! failures do.

use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use typegate::hooks::{
    Callbacks, Events, SessionSource, SignInDecision, SignedOut, TokenRequest, Trigger,
};
use typegate::{AdapterError, CallbackError};

use super::support::{BASE, ORIGIN, SECRET, World, credentials, error, open, world};

type Diary = Arc<Mutex<Vec<String>>>;

fn take(diary: &Diary) -> Vec<String> {
    std::mem::take(&mut diary.lock().unwrap())
}

/// The application's own session data.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct AppSession {
    id: String,
    visits: u64,
    name: Option<String>,
}

/// Counts reads in the token and shows the count.
fn counting(diary: &Diary) -> World<AppSession> {
    let note = |diary: &Diary, text: String| diary.lock().unwrap().push(text);
    let (of_jwt, of_session) = (Arc::clone(diary), Arc::clone(diary));
    let (of_sign_in, of_redirect) = (Arc::clone(diary), Arc::clone(diary));
    let callbacks = Callbacks::new()
        .redirect(move |request| {
            note(&of_redirect, format!("redirect {}", request.url));
            async { Ok(request.default) }
        })
        .sign_in(move |attempt| {
            note(&of_sign_in, format!("signIn {}", attempt.user.id));
            async { Ok(true) }
        })
        .jwt(move |request: TokenRequest| {
            note(&of_jwt, format!("jwt {:?}", request.trigger));
            async move {
                let mut token = request.token;
                let visits: u64 = token.get("visits").unwrap_or_default();
                token.insert("visits", visits + 1);
                if let Some(name) = request.update.as_ref().and_then(|data| data["name"].as_str()) {
                    token.insert("name", name);
                }
                Ok(token)
            }
        })
        .session(move |request| {
            let name = request.session.user.name.clone();
            note(&of_session, format!("session {name:?} {:?}", request.update));
            async move {
                let SessionSource::Token(claims) = request.source else { unreachable!() };
                Ok(AppSession {
                    id: claims.subject().unwrap().into(),
                    visits: claims.get("visits").unwrap(),
                    name: claims.get("name"),
                })
            }
        });
    let (of_event, of_sign_out) = (Arc::clone(diary), Arc::clone(diary));
    let of_signed_in = Arc::clone(diary);
    let events = Events::new()
        .sign_in(move |event| {
            note(&of_signed_in, format!("signed in {}", event.user.id));
            async { Ok(()) }
        })
        .session(move |event| {
            note(&of_event, format!("read {}", event.session["visits"]));
            async { Ok(()) }
        })
        .sign_out(move |event| {
            let SignedOut::Token(claims) = event else { unreachable!() };
            note(&of_sign_out, format!("signed out {}", claims.subject().unwrap()));
            async { Ok(()) }
        });
    world!(site => {
        site.provider(credentials()).callbacks(callbacks).events(events).build().unwrap()
    })
}

#[tokio::test]
async fn they_are_called_in_v4s_order() {
    let diary = Diary::default();
    let mut world = counting(&diary);
    world.browser.csrf_token().await;
    assert_eq!(take(&diary), [""; 0]);
    let fields = [("username", "ada"), ("password", "1815"), ("callbackUrl", "/next")];
    world.browser.post("/api/auth/callback/credentials", &fields).await;
    let cookie = format!("redirect {ORIGIN}");
    assert_eq!(take(&diary), [&*cookie, "redirect /next", "signIn 1", "jwt SignIn", "signed in 1"]);
    assert_eq!(
        world.browser.session().await,
        json!({ "id": "1", "visits": 2, "name": "Ada Lovelace" })
    );
    let next = format!("redirect {ORIGIN}/next");
    assert_eq!(take(&diary), [&*next, "jwt Read", "session Some(\"Ada Lovelace\") None", "read 2"]);

    let token = world.browser.csrf_token().await;
    take(&diary);
    let body = json!({ "csrfToken": token, "data": { "name": "Countess" } });
    let answer = world.browser.post_json("/api/auth/session", &body).await;
    assert_eq!(answer.json(), json!({ "id": "1", "visits": 3, "name": "Countess" }));
    // v4 does: the session's user is made before the `jwt` callback runs.
    let data = r#"session Some("Ada Lovelace") Some(Object {"name": String("Countess")})"#;
    assert_eq!(take(&diary), [&*next, "jwt Update", data, "read 3"]);

    world.browser.post("/api/auth/signout", &[]).await;
    assert_eq!(take(&diary).last().unwrap(), "signed out 1");
    assert_eq!(world.browser.session().await, json!({}));
}

#[tokio::test]
async fn the_application_reads_its_own_type() {
    let mut world = counting(&Diary::default());
    let headers = |world: &World<AppSession>| {
        let mut headers = http::HeaderMap::new();
        let cookies = world.browser.cookie_header();
        headers.insert("cookie", cookies.parse().unwrap());
        headers
    };
    assert_eq!(world.auth.session(&headers(&world)).await.unwrap(), None);
    world.browser.sign_in_with_credentials().await;
    let session = world.auth.session(&headers(&world)).await.unwrap().unwrap();
    assert_eq!(
        session,
        AppSession { id: "1".into(), visits: 2, name: Some("Ada Lovelace".into()) }
    );
}

#[tokio::test]
async fn a_failing_callback_shows_nobody_and_keeps_the_cookie() {
    fn fail_on_read(request: TokenRequest) -> Result<typegate::Claims, CallbackError> {
        match request.trigger {
            Trigger::Read => Err(CallbackError::new("the directory at 10.0.0.7 is down")),
            _ => Ok(request.token),
        }
    }
    let jwt = Callbacks::new().jwt(|request| async { fail_on_read(request) });
    let session = Callbacks::new()
        .session(|_| async { Err::<Value, _>(CallbackError::new("10.0.0.7 is down")) });
    let mut one = world!(site => site.provider(credentials()).callbacks(jwt).build().unwrap());
    one.browser.sign_in_with_credentials().await;
    one.lines.take();
    let answer = one.browser.get("/api/auth/session").await;
    assert_eq!(answer.outline(), ["200 {}"]);
    assert_eq!(one.lines.codes(), ["JWT_SESSION_ERROR"]);

    let mut two = world!(site => site.provider(credentials()).callbacks(session).build().unwrap());
    two.browser.sign_in_with_credentials().await;
    let answer = two.browser.get("/api/auth/session").await;
    assert_eq!(answer.outline(), ["200 {}"]);
    assert!(two.browser.jar.value("next-auth.session-token").is_some());
}

#[tokio::test]
async fn r164_failing_events_change_nothing_and_are_logged() {
    let no = || async { Err(CallbackError::new("no")) };
    let events =
        Events::new().sign_in(move |_| no()).sign_out(move |_| no()).session(move |_| no());
    let mut world = world!(site => site.events(events).build().unwrap());
    assert_eq!(world.sign_in("idp").await.location(), format!("{ORIGIN}/next"));
    assert_eq!(world.browser.session().await["user"]["name"], "Jane Doe");
    world.browser.post("/api/auth/signout", &[]).await;
    assert_eq!(world.browser.session().await, json!({}));
    assert_eq!(
        world.lines.codes(),
        ["SIGN_IN_EVENT_ERROR", "SESSION_EVENT_ERROR", "SIGN_OUT_EVENT_ERROR"]
    );
}

#[tokio::test]
async fn a_sign_in_by_oauth_may_be_refused_redirected_or_fail() {
    for (decision, place) in [
        (Ok(SignInDecision::Deny), error("AccessDenied")),
        (Ok(SignInDecision::Redirect("/wait".into())), "302 /wait".to_owned()),
        (Ok(SignInDecision::Redirect(String::new())), error("AccessDenied")),
        (Err("no <b> & no\r\n".to_owned()), error("no%20%3Cb%3E%20%26%20no%0D%0A")),
    ] {
        let callbacks = Callbacks::new().sign_in(move |attempt| {
            assert_eq!(attempt.raw_profile["email"], "Jane@Example.com");
            assert_eq!(attempt.user.email.as_deref(), Some("jane@example.com"));
            assert_eq!(attempt.account.tokens.access_token(), Some("at-secret-1"));
            assert!(!attempt.is_verification_request);
            let decision = decision.clone().map_err(CallbackError::visible);
            async move { decision }
        });
        let mut world = world!(site => site.callbacks(callbacks).build().unwrap());
        let answer = world.sign_in("idp").await;
        assert_eq!(answer.outline(), [&*place, "-state", "-pkce.code_verifier", "-nonce"]);
        assert_eq!(world.lines.codes().len(), usize::from(!place.contains("wait")));
        assert_eq!(world.browser.session().await, json!({}));
    }
}

#[tokio::test]
async fn what_failed_behind_a_sign_in_callback_is_for_the_log() {
    let callbacks = Callbacks::new().sign_in(|_| async {
        Err::<bool, AdapterError>(AdapterError::unavailable("db.internal:5432 refused user app"))?;
        Ok(true)
    });
    let mut world = world!(site => site.callbacks(callbacks).build().unwrap());
    let answer = world.sign_in("idp").await;
    assert_eq!(answer.outline()[0], error("Callback"));
    let lines = format!("{:?}", world.lines.take());
    assert!(lines.contains("db.internal:5432 refused user app"), "{lines}");
}

#[tokio::test]
async fn the_jwt_callback_sees_the_sign_in_once() {
    let diary = Diary::default();
    let note = Arc::clone(&diary);
    let callbacks = Callbacks::new().jwt(move |request: TokenRequest| {
        let seen = request.user.as_ref().map(|user| {
            let account = request.account.as_ref().unwrap();
            assert_eq!(request.raw_profile.as_ref().unwrap()["sub"], "248289761001");
            assert_eq!(request.is_new_user, None);
            format!("{} {}", user.id, account.provider_account_id)
        });
        note.lock().unwrap().push(format!("{seen:?}"));
        async move {
            let mut token = request.token;
            if let Some(account) = request.account {
                token.insert("at", account.tokens.access_token());
                token.remove("email");
            }
            Ok(token)
        }
    });
    let mut world = world!(site => site.callbacks(callbacks).build().unwrap());
    let answer = world.sign_in("idp").await;
    let claims = open(&answer.cookie("next-auth.session-token").unwrap().value, SECRET, "");
    assert_eq!(claims["at"], "at-secret-1");
    assert!(claims.get("email").is_none());
    world.browser.session().await;
    assert_eq!(take(&diary), [r#"Some("248289761001 248289761001")"#, "None"]);
}

#[tokio::test]
async fn a_failing_jwt_callback_ends_a_sign_in_by_oauth() {
    let callbacks = Callbacks::new().jwt(|_| async { Err(CallbackError::new("no")) });
    let mut world = world!(site => site.callbacks(callbacks).build().unwrap());
    let answer = world.sign_in("idp").await;
    assert_eq!(answer.outline(), super::support::refused("Callback"));
    assert_eq!(world.lines.codes(), ["OAUTH_CALLBACK_HANDLER_ERROR"]);
}

#[tokio::test]
async fn r133_a_redirect_callback_is_trusted_but_cannot_break_the_header() {
    let callbacks = Callbacks::new().redirect(|request| async move {
        match request.url.as_str() {
            "/app" => Ok("https://partner.example/welcome".to_owned()),
            "/scheme" => Ok("myapp://signed-in".to_owned()),
            "/evil" => Ok("/x\r\nSet-Cookie: a=b\r\n\r\n<html> \u{0}\u{e9}\u{202e}".to_owned()),
            "/fail" => Err(CallbackError::new("no")),
            _ => {
                assert_eq!(request.base_url, ORIGIN);
                Ok(request.default)
            }
        }
    });
    let mut world = world!(site => {
        site.provider(credentials()).callbacks(callbacks).build().unwrap()
    });
    for (target, place) in [
        ("/app", "https://partner.example/welcome"),
        ("/scheme", "myapp://signed-in"),
        ("/evil", "/xSet-Cookie:%20a=b%3Chtml%3E%20%00%C3%A9%E2%80%AE"),
        ("/fail", &format!("{ORIGIN}/fail")),
        ("/other", &format!("{ORIGIN}/other")),
        ("https://evil.example", ORIGIN),
    ] {
        let fields = [("username", "ada"), ("password", "1815"), ("callbackUrl", target)];
        let answer = world.browser.post("/api/auth/callback/credentials", &fields).await;
        assert_eq!(answer.location(), place);
    }
    let failures = world.lines.codes();
    assert!(failures.iter().all(|code| code == "CALLBACK_REDIRECT_ERROR"));
    assert!(!failures.is_empty());
    assert_eq!(world.browser.get(&format!("{BASE}/signin")).await.status(), 200);
}

#[tokio::test]
async fn r163_a_callback_that_panics_lets_nobody_in_and_breaks_nothing() {
    let callbacks = Callbacks::new().jwt(|request: TokenRequest| async {
        assert_ne!(request.token.subject(), Some("1"), "the application's own bug");
        Ok(request.token)
    });
    let mut world =
        world!(site => site.provider(credentials()).callbacks(callbacks).build().unwrap());
    let mut unlucky = world.another_browser();
    let fields = [("username", "ada"), ("password", "1815")];
    let answer = unlucky.post("/api/auth/callback/credentials", &fields).await;
    assert_eq!(answer.outline()[0], error("Callback"));
    assert_eq!(unlucky.session().await, json!({}));
    let answer = world.sign_in("idp").await;
    assert_eq!(answer.location(), format!("{ORIGIN}/next"));
    assert_eq!(world.browser.session().await["user"]["name"], "Jane Doe");
}
