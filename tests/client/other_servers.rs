//! Servers that are not typegate: the answers of next-auth 4 and of Auth.js v5.

use http::StatusCode;
use serde_json::{Value, json};
use typegate::client::{CurrentSession, SignIn};

use crate::support::FakeSite;

fn site(kind: &str) -> FakeSite {
    let site = FakeSite::new();
    let entry = json!({ "a": { "id": "a", "name": "A", "type": kind, "signinUrl": "", "callbackUrl": "" } });
    site.json("GET /providers", &entry);
    site
}

fn url(path: &str) -> Value {
    json!({ "url": format!("http://localhost:3000{path}") })
}

#[tokio::test]
async fn v5_answers_200_with_the_error_in_the_address() {
    let site = site("credentials");
    site.json("POST /callback/a", &url("/auth/signin?error=CredentialsSignin&code=two_factor"));
    let refused = site.client().sign_in("a").await.unwrap();
    let SignIn::Refused { code, detail, status } = refused else { panic!("{refused:?}") };
    assert_eq!((code.as_str(), detail.as_deref()), ("CredentialsSignin", Some("two_factor")));
    assert_eq!(status, StatusCode::OK);
    site.json("POST /callback/a", &url("/"));
    assert!(matches!(site.client().sign_in("a").await.unwrap(), SignIn::SignedIn { .. }));
}

#[tokio::test]
async fn v5_knows_oidc_as_a_type_of_its_own() {
    let site = site("oidc");
    site.json("POST /signin/a", &json!({ "url": "https://idp.example/authorize" }));
    let outcome = site.client().sign_in("a").await.unwrap();
    assert_eq!(outcome, SignIn::Redirect("https://idp.example/authorize".parse().unwrap()));
    site.json("POST /signin/a", &url("/auth/error?error=Configuration"));
    assert!(matches!(site.client().sign_in("a").await.unwrap(), SignIn::Refused { .. }));
}

#[tokio::test]
async fn a_redirect_is_as_good_as_json() {
    let site = site("email");
    site.answer("POST /signin/a", 302, &[("location", "/api/auth/verify-request")], "");
    let outcome = site.client().sign_in("a").await.unwrap();
    let page = "http://localhost:3000/api/auth/verify-request".parse().unwrap();
    assert_eq!(outcome, SignIn::VerifyRequest(page));
}

#[tokio::test]
async fn a_callback_that_leads_to_a_path_of_its_own_refuses() {
    let site = site("credentials");
    site.answer("POST /callback/a", 403, &[], r#"{"url":"/denied"}"#);
    let outcome = site.client().sign_in("a").await.unwrap();
    let SignIn::Refused { code, status, .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!((code.as_str(), status.as_u16()), ("AccessDenied", 403));
}

#[tokio::test]
async fn a_refused_token_is_tried_once_more() {
    for refusal in ["/api/auth/signin?csrf=true", "/auth/signin?error=MissingCSRF"] {
        let site = site("credentials");
        site.json("POST /callback/a", &url(refusal));
        site.then_json("POST /callback/a", &url("/"));
        assert!(matches!(site.client().sign_in("a").await.unwrap(), SignIn::SignedIn { .. }));
        let tail = ["GET /csrf", "POST /callback/a", "GET /csrf", "POST /callback/a"];
        assert_eq!(site.take_lines()[1..], tail);

        site.json("POST /callback/a", &url(refusal));
        let error = site.client().sign_in("a").await.unwrap_err();
        assert!(error.to_string().contains("refused two CSRF tokens"), "{error}");
        assert_eq!(site.take_lines().len(), 5);

        site.json("POST /signout", &url(refusal));
        assert!(site.client().sign_out().await.is_err(), "nobody was signed out");
    }
}

#[tokio::test]
async fn v5_refuses_an_update_without_a_token_by_its_status() {
    let site = FakeSite::new();
    site.answer("POST /session", 400, &[], "null");
    assert!(site.client().refresh().await.is_err());
    site.answer("POST /session", 200, &[], "null");
    assert_eq!(site.client().refresh().await.unwrap(), CurrentSession::Unauthenticated);
}
