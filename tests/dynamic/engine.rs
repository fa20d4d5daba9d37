//! The engine that a configuration file builds is the one that the typed builder builds.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use http::{HeaderMap, Request, Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use typegate::adapter::{DynamicAdapter, MemoryAdapter};
use typegate::dynamic::{Configuration, Registry};
use typegate::hooks::Callbacks;
use typegate::rule::Rule;
use typegate::testing::{Browser, FakeHttpClient, IdentityProvider};
use typegate::{Auth, AuthorizeError, User};

const SECRET: &str = "a secret for tests, long enough for all of us";

pub(crate) fn registry() -> Registry {
    let authorize = |login: Value| async move {
        let is_ada = login["username"] == "ada" && login["password"] == "1815";
        Ok::<_, AuthorizeError>(is_ada.then(|| User::new("1").name("Ada Lovelace")))
    };
    Registry::new()
        .secret("vault", SECRET)
        .secret("client", "s3cr3t")
        .authorize("directory", authorize)
}

pub(crate) async fn build(text: &str, registry: &Registry) -> Auth {
    let head = "url = 'http://localhost:3000'\nsecret = { registered = 'vault' }\n";
    let configuration = Configuration::from_toml("auth.toml", format!("{head}{text}")).unwrap();
    match configuration.build(registry).await {
        Ok(auth) => auth,
        Err(report) => panic!("{report}"),
    }
}

/// The cookies that an answer sets, as a browser sends them back.
fn cookies(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all(SET_COOKIE).iter();
    lines.map(|line| line.to_str().unwrap().split(';').next().unwrap().to_owned()).collect()
}

/// Signs in with a form and returns the answer.
pub(crate) async fn sign_in<D>(auth: &Auth<D>, id: &str, password: &str) -> Response<Bytes> {
    let answer = auth.handle(Request::get("/api/auth/csrf").body(Bytes::new()).unwrap()).await;
    let token: Value = serde_json::from_slice(answer.body()).unwrap();
    let token = token["csrfToken"].as_str().unwrap();
    let form = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("csrfToken", token), ("username", "ada"), ("password", password)])
        .finish();
    let request = Request::post(format!("/api/auth/callback/{id}"))
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(COOKIE, cookies(answer.headers()).join("; "));
    auth.handle(request.body(form.into()).unwrap()).await
}

fn session_headers(answer: &Response<Bytes>) -> HeaderMap {
    let all = cookies(answer.headers());
    let session = all.into_iter().find(|cookie| cookie.starts_with("next-auth.session-token="));
    let session = session.unwrap().parse().unwrap();
    HeaderMap::from_iter([(COOKIE, session)])
}

#[tokio::test]
async fn credentials_of_a_registered_function_sign_in() {
    let text = "[[providers]]\ntype = 'credentials'\nauthorize = 'directory'\n";
    let auth = build(text, &registry()).await;
    let answer = sign_in(&auth, "credentials", "1815").await;
    let session = auth.session(&session_headers(&answer)).await.unwrap().unwrap();
    assert_eq!(session.user.name.as_deref(), Some("Ada Lovelace"));
    let refused = sign_in(&auth, "credentials", "wrong").await;
    assert!(refused.headers()[LOCATION].to_str().unwrap().contains("error=CredentialsSignin"));
}

#[tokio::test]
async fn a_session_of_the_typed_builder_is_read() {
    let typed = Auth::builder()
        .secret(typegate::Secret::new(SECRET).unwrap())
        .url("http://localhost:3000".parse().unwrap())
        .provider(typegate::provider::Credentials::new(|_: Value| async {
            Ok(Some(User::new("1").name("Ada Lovelace")))
        }))
        .build()
        .unwrap();
    let answer = sign_in(&typed, "credentials", "1815").await;
    let text = "[[providers]]\ntype = 'credentials'\nauthorize = 'directory'";
    let read = build(text, &registry()).await;
    assert_eq!(read.claims(&session_headers(&answer)).unwrap().subject(), Some("1"));
}

type Asked = Arc<Mutex<Vec<(String, Option<String>, Value)>>>;

/// An application behind the endpoint: what it was asked, and one answer for all.
fn endpoint(status: u16, body: &'static str) -> (FakeHttpClient, Asked) {
    let asked = Asked::default();
    let list = Arc::clone(&asked);
    let client = FakeHttpClient::new(move |request: &Request<Bytes>| {
        let bearer = request.headers().get("authorization").map(|v| v.to_str().unwrap().to_owned());
        let said = serde_json::from_slice(request.body()).unwrap();
        list.lock().unwrap().push((request.uri().to_string(), bearer, said));
        let answer = Response::builder().status(status);
        Ok(answer.body(Bytes::from_static(body.as_bytes())).unwrap())
    });
    (client, asked)
}

const ENDPOINT: &str = "[[providers]]\ntype = 'credentials'\n\
     endpoint = 'http://127.0.0.1:8081/authorize'\nendpoint_secret = { registered = 'client' }\n";

#[tokio::test]
async fn an_endpoint_checks_credentials() {
    let (client, asked) = endpoint(200, r#"{"id":"7","name":"Ada","role":"admin"}"#);
    let auth = build(ENDPOINT, &registry().http_client(client)).await;
    let answer = sign_in(&auth, "credentials", "1815").await;
    let claims = auth.claims(&session_headers(&answer)).unwrap();
    assert_eq!(claims.subject(), Some("7"));
    let asked = asked.lock().unwrap();
    let [(url, bearer, said)] = asked.as_slice() else { panic!("asked once") };
    assert_eq!(url, "http://127.0.0.1:8081/authorize");
    assert_eq!(bearer.as_deref(), Some("Bearer s3cr3t"));
    // Neither the CSRF token nor anything else of the flow's own.
    assert_eq!(*said, json!({ "username": "ada", "password": "1815" }));
}

#[tokio::test]
async fn an_endpoint_that_does_not_say_yes_signs_nobody_in() {
    for (status, body) in [
        (401, ""),
        (403, r#"{"id":"7"}"#),
        (204, ""),
        (200, "null"),
        (200, ""),
        (200, "{}"),
        (200, r#"{"id":7}"#),
        (200, "true"),
        (302, r#"{"id":"7"}"#),
        (500, r#"{"id":"7"}"#),
    ] {
        let (client, _) = endpoint(status, body);
        let auth = build(ENDPOINT, &registry().http_client(client)).await;
        let answer = sign_in(&auth, "credentials", "1815").await;
        assert_eq!(answer.status(), StatusCode::FOUND, "{status} {body}");
        let cookies = cookies(answer.headers());
        assert!(!cookies.iter().any(|c| c.contains("session-token")), "{status} {body}");
    }
}

#[tokio::test]
async fn every_kind_of_provider_can_be_written() {
    let text = r##"
        [adapter]
        url = "sqlite::memory:"

        [pages]
        sign_in = "/login"

        [theme]
        color_scheme = "dark"
        brand_color = "#346df1"

        [[providers]]
        type = "github"
        client_id = "app"
        client_secret = { registered = "client" }

        [[providers]]
        type = "oidc"
        id = "acme"
        name = "Acme"
        issuer = "https://id.acme.example"
        client_id = "app"
        client_secret = { registered = "client" }
        client_authentication = "post"
        checks = ["pkce", "state"]
        id_token_algorithm = "ES256"
        fetch_user_info = true

        [[providers]]
        type = "oauth2"
        id = "plain"
        authorization_endpoint = "https://plain.example/authorize"
        token_endpoint = "https://plain.example/token"
        userinfo_endpoint = "https://plain.example/me"
        client_id = "app"
        authorization_parameters = { prompt = "consent" }
        profile = { id = "/data/id", image = "avatar_url" }

        [[providers]]
        type = "oauth1"
        id = "trails"
        client_key = "app"
        client_secret = { registered = "client" }
        request_token_url = "https://trails.example/request_token"
        authorization_url = "https://trails.example/authorize"
        access_token_url = "https://trails.example/access_token"
        profile_url = "https://trails.example/me.json"

        [[providers]]
        type = "email"
        send = "mailer"
        max_age = 900

        [[providers]]
        type = "partner"
    "##;
    let partner = typegate::provider::Oidc::builder()
        .id("partner")
        .name("Partner")
        .issuer("https://p.example")
        .client(typegate::provider::OAuthClient::new("a", "b".into()))
        .build();
    let registry = registry().send("mailer", |_| async { Ok(()) }).provider("partner", partner);
    let auth = build(text, &registry).await;
    let request = Request::get("/api/auth/providers").body(Bytes::new()).unwrap();
    let listed: Value = serde_json::from_slice(auth.handle(request).await.body()).unwrap();
    let kinds: Vec<_> = listed
        .as_object()
        .unwrap()
        .iter()
        .map(|(id, provider)| (id.as_str(), provider["type"].as_str().unwrap()))
        .collect();
    let expected = [
        ("github", "oauth"),
        ("acme", "oauth"),
        ("plain", "oauth"),
        ("trails", "oauth"),
        ("email", "email"),
        ("partner", "oauth"),
    ];
    assert_eq!(kinds, expected);
}

#[tokio::test]
async fn a_registered_adapter_keeps_what_it_says() {
    let rows = MemoryAdapter::new();
    let adapter = DynamicAdapter::of_users(rows.clone()).with_sessions(rows);
    let registry = registry().adapter("memory", adapter).send("mailer", |_| async { Ok(()) });
    let head = "url = 'http://localhost:3000'\nsecret = { registered = 'vault' }\n\
                adapter = { registered = 'memory' }\n[[providers]]\ntype = 'email'\nsend = 'mailer'";
    let configuration = Configuration::from_toml("auth.toml", head).unwrap();
    let report = configuration.check(&registry);
    let rules: Vec<_> = report.violations().iter().map(|v| v.rule()).collect();
    assert_eq!(rules, [Some(Rule::EMAIL_TOKENS_KEPT)]);
    assert!(report.violations()[0].cause().contains("`memory` does not"), "{report}");
    let place = report.violations()[0].place();
    assert_eq!((place.line(), place.column()), (Some(5), Some(8)));
}

/// A database that a file names can list sessions.
#[tokio::test]
async fn a_provider_of_a_file_ends_sessions() {
    let idp = IdentityProvider::new();
    let registry =
        registry().http_client(idp.clone()).secret("idp", IdentityProvider::CLIENT_SECRET);
    let text = |logout: &str| {
        format!(
            "back_channel_logout = {logout}\nadapter = {{ url = 'sqlite::memory:' }}\n\
             [[providers]]\ntype = 'oidc'\nid = 'acme'\nissuer = '{}'\nclient_id = '{}'\n\
             client_secret = {{ registered = 'idp' }}",
            idp.issuer(),
            IdentityProvider::CLIENT_ID
        )
    };
    let address = "/api/auth/backchannel-logout/acme";
    for (logout, status) in [("true", 200), ("false", 400)] {
        let auth = build(&text(logout), &registry).await;
        let mut browser = Browser::new(auth.service());
        browser.sign_in("acme", &idp).await.unwrap();
        let token = idp.logout_token(IdentityProvider::SUBJECT).request(address).unwrap();
        assert_eq!(auth.handle(token).await.status(), status);
        let session = browser.get("/api/auth/session").await.unwrap();
        assert_eq!(session.body() == "{}", status == 200);
    }
}

#[tokio::test]
async fn a_provider_of_a_file_is_told_of_sign_outs() {
    let idp = IdentityProvider::new();
    let text = format!(
        "[[providers]]\ntype = 'oidc'\nid = 'acme'\nissuer = '{}'\nclient_id = '{}'\n\
         client_secret = {{ registered = 'idp' }}\n\
         post_logout_redirect_uri = 'http://localhost:3000/goodbye'",
        idp.issuer(),
        IdentityProvider::CLIENT_ID
    );
    let registry =
        registry().http_client(idp.clone()).secret("idp", IdentityProvider::CLIENT_SECRET);
    let auth = build(&text, &registry).await;
    let mut browser = Browser::new(auth.service());
    browser.sign_in("acme", &idp).await.unwrap();
    let answer = browser.get("/api/auth/csrf").await.unwrap();
    let token: Value = serde_json::from_slice(answer.body()).unwrap();
    let fields = [("csrfToken", token["csrfToken"].as_str().unwrap())];
    let answer = browser.post("/api/auth/signout", &fields).await.unwrap();
    let location = answer.headers()[LOCATION].to_str().unwrap();
    assert!(location.starts_with("https://id.example/logout?"), "{location}");
    let back = "post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fgoodbye";
    assert!(location.contains(back), "{location}");
}

/// What providers send is read as from a derive: a list, an id that is a number with a point, a name
/// that is no text.
#[tokio::test]
async fn a_profile_of_a_file_is_an_entry_of_a_list() {
    let idp = IdentityProvider::at("https://plain.example");
    idp.change(|idp| {
        idp.is_openid_connect = false;
        idp.user_info = json!([
            { "id": 7.0, "name": ["Ann"], "email": ["Ann@example.com"], "picture": false },
            { "id": 8 },
        ]);
    });
    let text = |select: &str| {
        format!(
            "[[providers]]\ntype = 'oauth2'\nid = 'plain'\nclient_id = '{}'\n\
             client_secret = {{ registered = 'idp' }}\n\
             authorization_endpoint = 'https://plain.example/authorize'\n\
             token_endpoint = 'https://plain.example/token'\n\
             userinfo_endpoint = 'https://plain.example/userinfo'\n\
             userinfo_select = '{select}'\n",
            IdentityProvider::CLIENT_ID
        )
    };
    let registry =
        registry().http_client(idp.clone()).secret("idp", IdentityProvider::CLIENT_SECRET);
    for select in ["[0]", "/0"] {
        let auth = build(&text(select), &registry).await;
        let mut browser = Browser::new(auth.service());
        browser.sign_in("plain", &idp).await.unwrap();
        let session = browser.get("/api/auth/session").await.unwrap();
        let session: Value = serde_json::from_slice(session.body()).unwrap();
        let user = json!({ "name": null, "email": "ann@example.com", "image": null });
        assert_eq!(session["user"], user, "{select}");
    }
    let head = "url = 'http://localhost:3000'\nsecret = { registered = 'vault' }\n";
    let configuration = Configuration::from_toml("auth.toml", format!("{head}{}", text("a..b")));
    let report = configuration.unwrap().check(&registry);
    let causes: Vec<_> = report.violations().iter().map(|violation| violation.cause()).collect();
    assert_eq!(causes.len(), 1, "{report}");
    assert!(causes[0].contains("selects `a..b` of an answer, which is no path"), "{report}");
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct AppSession {
    id: String,
}

#[tokio::test]
async fn the_session_data_type_is_the_registrys() {
    let callbacks = Callbacks::new().session(|_| async { Ok(AppSession { id: "app".into() }) });
    let registry = Registry::<AppSession>::default()
        .secret("vault", SECRET)
        .authorize("directory", |_: Value| async { Ok(Some(User::new("1"))) })
        .callbacks("app", callbacks);
    let text = |callbacks: &str| {
        let text = format!(
            "url = 'http://localhost:3000'\nsecret = {{ registered = 'vault' }}\n{callbacks}\n\
             [[providers]]\ntype = 'credentials'\nauthorize = 'directory'"
        );
        Configuration::from_toml("auth.toml", text).unwrap()
    };
    let report = text("").check(&registry);
    let rules: Vec<_> = report.violations().iter().map(|v| v.rule()).collect();
    assert_eq!(rules, [Some(Rule::SESSION_DATA_FITS)]);
    let auth: Auth<AppSession> = text("callbacks = 'app'").build(&registry).await.unwrap();
    let answer = sign_in(&auth, "credentials", "any").await;
    assert_eq!(auth.session(&session_headers(&answer)).await.unwrap().unwrap().id, "app");
}

#[tokio::test]
async fn a_database_that_does_not_open_is_reported_at_its_key() {
    let text = "url = 'http://localhost:3000'\nsecret = { registered = 'vault' }\n\
                session = { strategy = 'jwt' }\nadapter = { url = 'sqlite:///no/such/folder/a.db' }\n\
                [[providers]]\ntype = 'credentials'\nauthorize = 'directory'";
    let configuration = Configuration::from_toml("auth.toml", text).unwrap();
    assert!(configuration.check(&registry()).is_empty());
    let report = configuration.build(&registry()).await.unwrap_err();
    assert_eq!(report.violations()[0].key(), "adapter.url");
    assert_eq!(report.violations()[0].place().line(), Some(4));
}

#[tokio::test]
async fn the_built_in_pages_look_and_speak_as_the_file_says() {
    let text = r##"
        [theme]
        site_name = "Acme"
        logo = "/logo.svg"
        logo_dark = "/logo-dark.svg"
        languages = ["de", "zh-Hans"]

        [[providers]]
        type = "credentials"
        authorize = "directory"
        fields = [{ key = "username", optional = true }, { key = "pin", optional = false }]
    "##;
    let auth = build(text, &registry()).await;
    let request = Request::get("http://localhost:3000/api/auth/signin").body(Bytes::new());
    let answer = auth.handle(request.unwrap()).await;
    let page = String::from_utf8(answer.body().to_vec()).unwrap();
    assert!(page.contains("<html lang=\"de\"") && page.contains("<h1>Bei Acme anmelden</h1>"));
    assert!(page.contains("srcset=\"/logo-dark.svg\""));
    let inputs: Vec<_> = page.split("<input ").filter(|input| input.contains("id=")).collect();
    let required: Vec<_> = inputs.iter().map(|input| input.contains("required")).collect();
    assert_eq!(required, [false, true], "{inputs:?}");
}
