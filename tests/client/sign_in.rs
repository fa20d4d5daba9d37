//! Sign-in and sign-out at typegate.

use http::StatusCode;
use serde_json::json;
use typegate::client::{Client, CurrentSession, ProviderType, SignIn};

use crate::support::{BASE, ORIGIN, Site};

async fn log_in(client: &Client, name: &str, password: &str) -> SignIn {
    client.sign_in("credentials").field("username", name).field("password", password).await.unwrap()
}

#[tokio::test]
async fn a_sign_in_asks_for_providers_and_token_and_posts_the_form() {
    let site = Site::new();
    let client = site.client();
    let outcome = client
        .sign_in("credentials")
        .field("username", "ada")
        .field("password", "18 15&=é")
        .field("redirect", "false")
        .field("csrfToken", "mine")
        .callback_url("/dash?x=1")
        .await
        .unwrap();
    assert!(matches!(outcome, SignIn::Refused { .. }));
    let seen = site.take_seen();
    let lines: Vec<_> = seen.iter().map(|seen| seen.line(BASE)).collect();
    assert_eq!(lines, ["GET /providers", "GET /csrf", "POST /callback/credentials"]);
    let post = &seen[2];
    assert_eq!(post.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(post.header("x-auth-return-redirect"), Some("1"));
    let names = ["username", "password", "csrfToken", "callbackUrl", "json"];
    assert_eq!(post.form_names(), names);
    assert_eq!(post.form_value("password"), "18 15&=é");
    assert_eq!(post.form_value("csrfToken").len(), 64);
    assert_eq!(post.form_value("callbackUrl"), "/dash?x=1");
    assert_eq!(post.form_value("json"), "true");
    for read in &seen[..2] {
        assert_eq!((read.body.as_str(), read.header("content-type")), ("", None));
    }
}

#[tokio::test]
async fn credentials_are_good_refused_or_could_not_be_checked() {
    let site = Site::new();
    for (name, password, code) in [
        ("ada", "wrong", "CredentialsSignin"),
        ("nobody", "1815", "CredentialsSignin"),
        ("broken", "1815", "CredentialsSignin"),
        ("locked", "1815", "This account is locked"),
    ] {
        let client = site.client();
        let SignIn::Refused { code: said, detail, status } = log_in(&client, name, password).await
        else {
            panic!("{name} was not refused")
        };
        assert_eq!(
            (said.as_str(), detail, status),
            (code, None, StatusCode::UNAUTHORIZED),
            "{name}"
        );
        assert_eq!(client.session().await.unwrap(), CurrentSession::Unauthenticated, "{name}");
    }
    let client = site.client();
    let SignIn::SignedIn { url } = log_in(&client, "ada", "1815").await else { panic!() };
    assert_eq!(url.as_str(), "http://localhost:3000/");
    let session = client.session().await.unwrap().authenticated().unwrap();
    assert_eq!(session.user.name.as_deref(), Some("Ada Lovelace"));
}

#[tokio::test]
async fn the_site_decides_where_to_go_on() {
    let site = Site::new();
    for (asked, answered) in [
        ("/dash", "http://localhost:3000/dash"),
        ("http://localhost:3000/a?error=x", "http://localhost:3000/a?error=x"),
        ("https://elsewhere.example/", "http://localhost:3000/"),
    ] {
        let client = site.client();
        let request = client.sign_in("credentials").callback_url(asked);
        let outcome = request.field("username", "ada").field("password", "1815").await.unwrap();
        assert_eq!(outcome, SignIn::SignedIn { url: answered.parse().unwrap() }, "{asked}");
    }
}

#[tokio::test]
async fn an_oauth_sign_in_is_an_address_to_open() {
    let site = Site::new();
    let client = site.client();
    let request = client.sign_in("github").authorization_parameter("prompt", "login & more");
    let SignIn::Redirect(url) = request.await.unwrap() else { panic!() };
    assert_eq!(url.host_str(), Some("github.com"));
    assert!(url.query_pairs().any(|pair| pair == ("prompt".into(), "login & more".into())));
    let lines = site.take_lines();
    assert_eq!(lines[2], "POST /signin/github?prompt=login+%26+more");
}

#[tokio::test]
async fn an_email_sign_in_is_sent_or_refused() {
    let site = Site::new();
    let client = site.client();
    let send = |address: &str| client.sign_in("email").field("email", address);
    let SignIn::VerifyRequest(page) = send("ada@example.com").await.unwrap() else { panic!() };
    assert!(page.as_str().starts_with("http://localhost:3000/api/auth/verify-request?"), "{page}");
    assert_eq!(site.mails().len(), 1);
    assert!(site.mails()[0].starts_with("http://localhost:3000/api/auth/callback/email?"));
    for address in ["not an address", "bounce@example.com"] {
        let SignIn::Refused { code, status, .. } = send(address).await.unwrap() else {
            panic!("{address}")
        };
        // v4 does: not the status but the address says that no message went out.
        assert_eq!((code.as_str(), status), ("EmailSignin", StatusCode::OK), "{address}");
    }
    assert_eq!(site.mails().len(), 1);
}

#[tokio::test]
async fn an_unknown_provider_leads_to_the_page_with_all_of_them() {
    let site = Site::new();
    let client = site.client();
    for id in ["unknown", "toString", ""] {
        let outcome = client.sign_in(id).callback_url("/a b").await.unwrap();
        let page = client.sign_in_page("/a b");
        assert_eq!(page.as_str(), "http://localhost:3000/api/auth/signin?callbackUrl=%2Fa%20b");
        assert_eq!(outcome, SignIn::ChooseProvider(page), "{id}");
    }
    assert_eq!(site.take_lines(), ["GET /providers"; 3]);
}

#[tokio::test]
async fn providers_are_listed_in_the_sites_order() {
    let providers = Site::new().client().providers().await.unwrap();
    let listed: Vec<_> =
        providers.iter().map(|entry| (entry.id.as_str(), entry.name.as_str())).collect();
    let expected = [("github", "GitHub"), ("email", "Email"), ("credentials", "Credentials")];
    assert_eq!(listed, expected);
    assert_eq!(
        providers.iter().map(|entry| entry.kind.clone()).collect::<Vec<_>>(),
        [ProviderType::OAuth, ProviderType::Email, ProviderType::Credentials]
    );
    assert_eq!(providers[0].sign_in_url, "http://localhost:3000/api/auth/signin/github");
    assert_eq!(providers[0].callback_url, "http://localhost:3000/api/auth/callback/github");
    let unheard = serde_json::from_value::<ProviderType>(json!("webauthn")).unwrap();
    assert_eq!(unheard, ProviderType::Other("webauthn".into()));
}

#[tokio::test]
async fn a_sign_out_asks_for_a_token_and_posts_the_form() {
    let site = Site::new();
    let client = site.signed_in().await;
    let url = client.sign_out().callback_url("/bye").await.unwrap();
    assert_eq!(url.as_str(), "http://localhost:3000/bye");
    let seen = site.take_seen();
    let lines: Vec<_> = seen.iter().map(|seen| seen.line(BASE)).collect();
    assert_eq!(lines, ["GET /csrf", "POST /signout"]);
    assert_eq!(seen[1].form_names(), ["csrfToken", "callbackUrl", "json"]);
    assert_eq!(client.session().await.unwrap(), CurrentSession::Unauthenticated);
}

#[tokio::test]
async fn cookies_are_kept_between_two_runs_of_a_program() {
    let site = Site::new();
    let kept = serde_json::to_string(&site.signed_in().await.cookies()).unwrap();
    let client = Client::builder(ORIGIN.parse().unwrap())
        .http_client(site.clone())
        .clock(site.clock.clone())
        .cookies(serde_json::from_str(&kept).unwrap())
        .build()
        .unwrap();
    assert!(client.session().await.unwrap().is_authenticated());
    // The session lives thirty days, and so does its cookie.
    site.clock.advance(31 * 24 * 60 * 60);
    site.take_seen();
    assert!(!client.session().await.unwrap().is_authenticated());
    let cookies = site.take_seen()[0].header("cookie").unwrap().to_owned();
    assert!(!cookies.contains("session-token"), "{cookies}");
}

#[tokio::test]
async fn another_base_path_counts_everywhere() {
    let url = "http://localhost:3000/login";
    let site = Site::at(url);
    let client = site.client_at(url);
    log_in(&client, "ada", "1815").await;
    client.session().await.unwrap();
    client.update(&json!({ "name": "Countess" })).await.unwrap();
    client.sign_in("github").await.unwrap();
    client.sign_out().await.unwrap();
    let seen = site.take_seen();
    assert_eq!(seen.len(), 11);
    assert!(seen.iter().all(|seen| seen.url.starts_with("http://localhost:3000/login/")));
    assert_eq!(client.error_page().as_str(), "http://localhost:3000/login/error");
    let page = client.sign_in_page("/");
    assert_eq!(page.as_str(), "http://localhost:3000/login/signin?callbackUrl=%2F");
}
