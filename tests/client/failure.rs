//! Failures: none of them is a sign-out, and none reveals a secret.

use serde::Deserialize;
use serde_json::json;
use typegate::ErrorCode;
use typegate::client::{Client, ClientError, CurrentSession, SignIn};

use crate::support::FakeSite;

#[tokio::test]
async fn nobody_is_an_answer_of_both_generations_of_servers() {
    for body in ["{}", "null"] {
        let site = FakeSite::new();
        site.answer("GET /session", 200, &[], body);
        assert_eq!(site.client().session().await.unwrap(), CurrentSession::Unauthenticated);
    }
}

#[tokio::test]
async fn a_failure_is_an_error_with_code_address_status_and_hint() {
    let site = FakeSite::new();
    let shown = |error: &ClientError| (error.status_code().map(|s| s.as_u16()), error.to_string());
    for (status, body, problem) in [
        (404, "<html>", "the answer has the status 404"),
        (
            500,
            r#"{"message":"There is a problem with the server configuration"}"#,
            "the answer has the status 500",
        ),
        (401, "{}", "the answer has the status 401"),
        (302, "", "the answer has the status 302"),
        (200, "<html>", "the answer, with the status 200, is not JSON"),
        (200, "", "the answer, with the status 200, is not JSON"),
    ] {
        site.answer("GET /session", status, &[], body);
        let error = site.client().session().await.unwrap_err();
        let text = format!(
            "CLIENT_FETCH_ERROR: GET http://localhost:3000/api/auth/session: {problem}; make sure \
             that NEXTAUTH_URL is the address of the site, with the path of its auth routes if \
             that is not /api/auth"
        );
        assert_eq!(shown(&error), (Some(status), text));
        assert_eq!(error.code(), ErrorCode::ClientFetch);
        assert_eq!(error.url(), "http://localhost:3000/api/auth/session");
    }
    site.down("GET /session");
    let error = site.client().session().await.unwrap_err();
    assert!(error.is_transport() && error.to_string().contains("/session: no answer; make sure"));
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "connection refused");
}

#[derive(Debug, Deserialize)]
struct Claims {
    #[expect(dead_code, reason = "only its type counts")]
    role: u32,
}

#[tokio::test]
async fn r110_a_session_of_another_type_is_not_quoted() {
    let site = FakeSite::new();
    for (body, reason) in [
        (json!({ "user": "canary" }), "missing field `role`"),
        (json!({ "role": "canary" }), "a member has another type"),
        (json!(["canary"]), "a member has another type"),
    ] {
        site.json("GET /session", &body);
        let client: Client<Claims> = site.client().typed();
        let error = client.session().await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::ClientSession);
        let text = format!("{error} {error:?}");
        assert!(text.contains(reason) && !text.contains("canary"), "{text}");
    }
}

#[tokio::test]
async fn r110_what_was_sent_is_in_no_error() {
    let site = FakeSite::new();
    let credentials = json!({ "c": { "id": "c", "name": "C", "type": "credentials", "signinUrl": "", "callbackUrl": "" } });
    site.json("GET /providers", &credentials);
    site.answer("POST /callback/c", 500, &[("set-cookie", "s=canary")], "canary");
    let client = site.client();
    let request = client
        .sign_in("c")
        .field("password", "canary")
        .authorization_parameter("login_hint", "canary")
        .callback_url("/canary");
    assert!(!format!("{request:?}").contains("canary"));
    let error = request.await.unwrap_err();
    let text =
        format!("{error} {error:?} {client:?} {:?} {:?}", client.cookies(), client.csrf().await);
    assert!(
        text.contains("500") && !text.contains("canary") && !text.contains("the token"),
        "{text}"
    );
}

#[tokio::test]
async fn providers_that_cannot_be_read_end_a_sign_in() {
    let site = FakeSite::new();
    for body in ["null", "[]", r#"{"a":{"id":"a"}}"#, "<html>"] {
        site.answer("GET /providers", 200, &[], body);
        let client = site.client();
        let error = client.sign_in("a").await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::ClientFetch, "{body}");
        // Where v4's client would go.
        assert_eq!(client.error_page().as_str(), "http://localhost:3000/api/auth/error");
        assert_eq!(site.take_lines(), ["GET /providers"]);
    }
    site.down("GET /providers");
    assert!(site.client().sign_in("a").await.unwrap_err().is_transport());
}

#[tokio::test]
async fn a_site_without_a_token_gets_no_form() {
    let site = FakeSite::new();
    site.json("GET /csrf", &json!({}));
    let error = site.client().sign_out().await.unwrap_err();
    assert!(error.to_string().contains("the answer has no csrfToken"), "{error}");
    assert_eq!(site.take_lines(), ["GET /csrf"]);
}

#[tokio::test]
async fn a_sign_out_that_failed_is_an_error() {
    let site = FakeSite::new();
    for (status, body) in [(500, r#"{"url":"http://localhost:3000/"}"#), (200, "<html>"), (403, "")]
    {
        site.answer("POST /signout", status, &[], body);
        let error = site.client().sign_out().await.unwrap_err();
        assert_eq!(error.status_code().unwrap().as_u16(), status);
    }
}

#[tokio::test]
async fn only_web_addresses_are_handed_to_a_browser() {
    let site = FakeSite::new();
    let entry = json!({ "a": { "id": "a", "name": "A", "type": "oauth", "signinUrl": "", "callbackUrl": "" } });
    site.json("GET /providers", &entry);
    for url in ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "http://"] {
        site.json("POST /signin/a", &json!({ "url": url }));
        let error = site.client().sign_in("a").await.unwrap_err();
        assert!(error.to_string().contains("the answer leads"), "{url}: {error}");
    }
    site.json("POST /signin/a", &json!({ "url": "https://idp.example/authorize?error=mine" }));
    assert!(matches!(site.client().sign_in("a").await.unwrap(), SignIn::Redirect(_)));
}
