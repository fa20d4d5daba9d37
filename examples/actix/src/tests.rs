//! The application and the glue, asked over loopback.

mod server;

use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::{Next, from_fn};
use actix_web::{App, HttpResponse, web};
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use serde_json::json;
use typegate::hooks::{Callbacks, SessionData};
use typegate::provider::Credentials;
use typegate::testing::{Browser, FrozenClock, IdentityProvider};
use typegate::{
    Auth, AuthorizeError, CallbackError, ClientAddressSource, Jwt, Secret, TrustedProxy, User,
};

use self::server::{Server, by_http2, raw, send};
use crate::typegate_actix::{self, MaybeSession, Session};
use crate::{Acme, AppSession, guard, pages, session, token};

const SECRET: &str = "a secret for tests, long enough for all of us";
const NOW: i64 = 1_800_000_000;
const DAY: i64 = 24 * 60 * 60;

/// The whole application, its identity provider and the time.
struct World {
    server: Server,
    idp: IdentityProvider,
    clock: FrozenClock,
}

impl World {
    fn new() -> Self {
        let clock = FrozenClock::at(NOW);
        let idp = IdentityProvider::new().clock(clock.clone());
        let acme = Acme::builder()
            .client_id(IdentityProvider::CLIENT_ID)
            .client_secret(IdentityProvider::CLIENT_SECRET)
            .issuer(idp.issuer());
        let auth = Auth::builder()
            .secret(Secret::new(SECRET).unwrap())
            .url("http://localhost:3000".parse().unwrap())
            .provider(acme)
            .session(Jwt::default())
            .callbacks(Callbacks::new().jwt(token).session(session))
            .http_client(idp.clone())
            .clock(clock.clone())
            .build()
            .unwrap();
        let guard = guard(&auth).unwrap();
        let server = Server::start(move || {
            App::new()
                .configure(typegate_actix::routes(&auth))
                .configure(pages)
                .wrap(typegate_actix::guard(&guard))
        });
        Self { server, idp, clock }
    }

    fn browser(&self) -> Browser<server::Client> {
        Browser::new(self.server.client())
    }
}

async fn csrf(browser: &mut Browser<server::Client>) -> String {
    let answer = browser.get("/api/auth/csrf").await.unwrap();
    let answer: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
    answer["csrfToken"].as_str().unwrap().to_owned()
}

async fn sign_out(browser: &mut Browser<server::Client>) {
    let token = csrf(browser).await;
    browser.post("/api/auth/signout", &[("csrfToken", token)]).await.unwrap();
}

fn text(response: &Response<Bytes>) -> &str {
    std::str::from_utf8(response.body()).unwrap()
}

fn header<'r, B>(response: &'r Response<B>, name: &str) -> &'r str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

fn request(method: &str, path: &str, lines: &[(&str, &str)], body: &str) -> Request<Full<Bytes>> {
    let request = Request::builder().method(method).uri(path);
    let request =
        lines.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    request.body(Full::from(body.to_owned())).unwrap()
}

#[actix_web::test]
async fn somebody_signs_in_and_out() {
    let world = World::new();
    let mut browser = world.browser();
    assert_eq!(text(&browser.get("/").await.unwrap()), "Hello, whoever you are!");

    let back = browser.sign_in("acme", &world.idp).await.unwrap();
    assert_eq!((back.status().as_u16(), header(&back, "location")), (302, "http://localhost:3000"));
    let lines = back.headers().get_all("set-cookie").iter().count();
    assert!(lines > 1, "the session is set and the attempt's cookies are deleted: {lines}");

    assert_eq!(text(&browser.get("/").await.unwrap()), "Hello, Jane Doe!");
    let account = browser.get("/account").await.unwrap();
    assert!(text(&account).starts_with("You are a member until 2027-"), "{}", text(&account));
    let json = browser.get("/api/auth/session").await.unwrap();
    assert_eq!(serde_json::from_slice::<AppSession>(json.body()).unwrap().role, "member");

    sign_out(&mut browser).await;
    assert_eq!(browser.get("/account").await.unwrap().status(), 401);
}

#[actix_web::test]
async fn who_is_not_signed_in_is_answered_by_who_asks() {
    let world = World::new();
    let back = "/api/auth/signin?callbackUrl=%2Faccount%3Ftab%3Dkeys";
    for (lines, status, (name, value), body) in [
        (&[("sec-fetch-mode", "navigate")][..], 302, ("location", back), ""),
        (&[("accept", "text/html")], 302, ("location", back), ""),
        (&[("hx-request", "true")], 401, ("hx-redirect", back), ""),
        (
            &[("accept", "application/json")],
            401,
            ("content-type", "application/json"),
            r#"{"error":"SessionRequired"}"#,
        ),
    ] {
        let request = request("GET", "/account?tab=keys", lines, "");
        let response = send(world.server.address, request).await.unwrap();
        assert_eq!(response.status(), status, "{lines:?}");
        assert_eq!(header(&response, name), value, "{lines:?}");
        assert_eq!(text(&response), body, "{lines:?}");
        assert!(header(&response, "vary").contains("cookie"), "{lines:?}");
    }
    // Nor does what is not there say whether it is.
    assert_eq!(world.server.get("/nothing").await.status(), 401);
}

#[actix_web::test]
async fn the_page_for_administrators_needs_the_role_in_every_spelling() {
    let world = World::new();
    let mut member = world.browser();
    member.sign_in("acme", &world.idp).await.unwrap();
    world.idp.change(|idp| {
        idp.claims.insert("groups", Some(json!(["staff", "admins"])));
    });
    let mut admin = world.browser();
    admin.sign_in("acme", &world.idp).await.unwrap();
    assert_eq!(text(&admin.get("/admin").await.unwrap()), "for administrators");
    let refused = member.get("/admin").await.unwrap();
    assert_eq!((refused.status().as_u16(), text(&refused)), (403, r#"{"error":"AccessDenied"}"#));
    for path in ["/%61dmin", "/admin/", "/adm%69n?x=/", "/./admin", "//admin", "/x%2f..%2fadmin"] {
        let found = member.get(path).await.unwrap();
        assert_ne!(text(&found), "for administrators", "{path}");
    }
    assert_eq!(text(&admin.get("/%61dmin").await.unwrap()), "for administrators");
}

#[actix_web::test]
async fn a_session_in_use_is_sent_again_with_whatever_the_answer_is() {
    let world = World::new();
    let mut browser = world.browser();
    browser.sign_in("acme", &world.idp).await.unwrap();
    let sets = |response: &Response<Bytes>| {
        let lines = response.headers().get_all("set-cookie").iter();
        lines.filter(|line| line.to_str().unwrap().starts_with("next-auth.session-token")).count()
    };
    let quiet = browser.get("/account").await.unwrap();
    assert_eq!((sets(&quiet), header(&quiet, "cache-control")), (0, ""));
    for (path, status) in [("/account", 200), ("/admin", 403), ("/nothing", 404), ("/", 200)] {
        world.clock.advance(DAY);
        let response = browser.get(path).await.unwrap();
        assert_eq!((response.status().as_u16(), sets(&response)), (status, 1), "{path}");
        assert_eq!(header(&response, "cache-control"), "private, no-cache, no-store", "{path}");
    }
    // A sign-out is not undone by what is due.
    world.clock.advance(DAY);
    sign_out(&mut browser).await;
    assert!(browser.cookie("next-auth.session-token").is_none());
}

/// A site whose users believe what they say, with a page for each extractor.
fn site<D: SessionData>(auth: Auth<D>) -> Server {
    async fn error(_: MaybeSession) -> Result<HttpResponse, actix_web::Error> {
        Err(actix_web::error::ErrorImATeapot("short and stout"))
    }
    async fn leave(_: Session) -> HttpResponse {
        let deletion = "next-auth.session-token=; Path=/; Max-Age=0";
        HttpResponse::Ok().append_header(("set-cookie", deletion)).finish()
    }
    async fn refuses<B>(
        _: Session,
        _: ServiceRequest,
        _: Next<B>,
    ) -> Result<ServiceResponse<B>, actix_web::Error> {
        Err(actix_web::error::ErrorImATeapot("no coffee"))
    }
    Server::start(move || {
        let refused = web::resource("/refused").wrap(from_fn(refuses));
        App::new()
            .wrap(typegate_actix::keep_sessions())
            .configure(typegate_actix::routes(&auth))
            .route("/needed", web::get().to(async |_: Session| "in"))
            .route(
                "/maybe",
                web::get()
                    .to(async |MaybeSession(found): MaybeSession| found.is_some().to_string()),
            )
            .route(
                "/option",
                web::get().to(async |found: Option<Session>| found.is_some().to_string()),
            )
            .route("/error", web::get().to(error))
            .route("/leave", web::get().to(leave))
            .service(refused)
    })
}

#[derive(serde::Deserialize)]
struct Login {
    username: String,
    password: String,
}

async fn authorize(login: Login) -> Result<Option<User>, AuthorizeError> {
    Ok((login.password == "right").then(|| User::new("1").name(login.username)))
}

macro_rules! with_passwords {
    () => {
        Auth::builder().secret(Secret::new(SECRET).unwrap()).provider(Credentials::new(authorize))
    };
}

async fn try_password(browser: &mut Browser<server::Client>, fields: [&str; 2]) -> Response<Bytes> {
    let token = csrf(browser).await;
    let [username, password] = fields;
    let fields = [("username", username), ("password", password), ("json", "true")];
    let fields: Vec<_> = [("csrfToken", &*token)].into_iter().chain(fields).collect();
    browser.post("/api/auth/callback/credentials", &fields).await.unwrap()
}

#[actix_web::test]
async fn without_a_guard_extractors_refuse_and_sessions_stay_alive() {
    let clock = FrozenClock::at(NOW);
    let url = "http://localhost:3000".parse().unwrap();
    let server = site(with_passwords!().url(url).clock(clock.clone()).build().unwrap());
    let mut browser = Browser::new(server.client());
    assert_eq!(browser.get("/needed").await.unwrap().status(), 401);
    for path in ["/maybe", "/option"] {
        assert_eq!(text(&browser.get(path).await.unwrap()), "false", "{path}");
    }
    try_password(&mut browser, ["ada", "right"]).await;
    for (path, status) in
        [("/needed", 200), ("/maybe", 200), ("/option", 200), ("/error", 418), ("/refused", 418)]
    {
        clock.advance(DAY);
        let response = browser.get(path).await.unwrap();
        let sets = response.headers().get_all("set-cookie").iter().count();
        assert_eq!((response.status().as_u16(), sets), (status, 1), "{path}");
    }
    // An answer that deletes the session itself stays as it is.
    clock.advance(DAY);
    let left = browser.get("/leave").await.unwrap();
    assert_eq!(left.headers().get_all("set-cookie").iter().count(), 1);
    assert_eq!(browser.get("/needed").await.unwrap().status(), 401);
}

#[actix_web::test]
async fn a_failure_is_500_and_never_nobody() {
    let failing = Callbacks::new().jwt(async |request| match request.user {
        Some(_) => Ok(request.token),
        None => Err(CallbackError::new("the database is down")),
    });
    let url = "http://localhost:3000".parse().unwrap();
    let server = site(with_passwords!().url(url).callbacks(failing).build().unwrap());
    let mut browser = Browser::new(server.client());
    try_password(&mut browser, ["ada", "right"]).await;
    for path in ["/needed", "/maybe"] {
        let response = browser.get(path).await.unwrap();
        assert_eq!((response.status().as_u16(), text(&response)), (500, ""), "{path}");
    }
    // actix-web's own reading, of which the glue warns.
    assert_eq!(text(&browser.get("/option").await.unwrap()), "false");
}

/// Every answer of the auth routes is the one that they give without actix-web.
#[actix_web::test]
async fn the_auth_routes_answer_as_without_a_framework() {
    let url = "http://localhost:3000".parse().unwrap();
    let auth = with_passwords!().url(url).clock(FrozenClock::at(NOW)).build().unwrap();
    let server = site(auth.clone());
    const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
    for (method, path, lines, body) in [
        ("GET", "/api/auth/signin", &[][..], ""),
        ("HEAD", "/api/auth/signin", &[], ""),
        ("HEAD", "/api/auth/error", &[], ""),
        ("GET", "/api/auth/providers", &[], ""),
        ("GET", "/api/auth/session", &[("cookie", "a=1"), ("cookie", "b=2")], ""),
        ("GET", "/api/auth", &[], ""),
        ("GET", "/api/auth/", &[], ""),
        ("GET", "/api/auth/no/such/page", &[], ""),
        ("GET", "/api/auth/signin%2fx?error=OAuthSignin&callbackUrl=%2Fa", &[], ""),
        ("BREW", "/api/auth/session", &[], ""),
        ("OPTIONS", "/api/auth/session", &[], ""),
        ("DELETE", "/api/auth/session", &[], ""),
        ("POST", "/api/auth/signout", &[FORM], "csrfToken=wrong"),
        ("POST", "/api/auth/signout", &[("content-type", "application/json")], "{"),
        ("POST", "/api/auth/_log", &[FORM], "level=error&code=X"),
    ] {
        let there = send(server.address, request(method, path, lines, body)).await.unwrap();
        let here = auth.handle_streamed(request(method, path, lines, body)).await;
        let whole = |response: &Response<Bytes>| {
            let of_the_framework = ["content-length", "date", "transfer-encoding"];
            let headers = response.headers().iter().map(|(name, value)| {
                let value = value.to_str().unwrap().to_owned();
                // A CSRF token differs each time.
                let value = match name.as_str() {
                    "set-cookie" => value.split('=').next().unwrap().to_owned(),
                    _ => value,
                };
                (name.to_string(), value)
            });
            let mut headers: Vec<_> =
                headers.filter(|(name, _)| !of_the_framework.contains(&name.as_str())).collect();
            headers.sort();
            (response.status(), headers)
        };
        assert_eq!(whole(&there), whole(&here), "{method} {path}");
        assert_eq!(there.body().len(), here.body().len(), "{method} {path}");
        if method == "HEAD" {
            assert_eq!(header(&there, "content-length"), "", "not that of the page");
        }
    }
    // What only begins like the base path is not typegate's.
    assert_eq!(server.get("/api/authx").await.status(), StatusCode::NOT_FOUND);
}

/// actix-web compares decoded paths, and typegate those of the browser.
#[actix_web::test]
async fn a_base_path_may_have_any_letters() {
    for base in ["/auth", "/caf%C3%A9/auth", "/a%20b/auth", "/a/b/c/d"] {
        let url = format!("http://localhost:3000{base}").parse().unwrap();
        let server = site(with_passwords!().url(url).build().unwrap());
        let session = server.get(&format!("{base}/session")).await;
        assert_eq!((session.status().as_u16(), text(&session)), (200, "{}"), "{base}");
        assert_eq!(server.get("/needed").await.status(), 401);
        assert_eq!(server.get(&format!("{base}x/session")).await.status(), 404);
    }
}

#[actix_web::test]
async fn a_long_body_is_refused_before_it_is_there() {
    let url = "http://localhost:3000".parse().unwrap();
    let server = site(with_passwords!().url(url).build().unwrap());
    let head = "POST /api/auth/signout HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n";
    // Announced, and never sent.
    let announced = format!("{head}content-length: 100000000\r\n\r\n");
    let end = Some("Body exceeded 64kb limit");
    assert!(raw(server.address, announced, end).await.starts_with("HTTP/1.1 413 "));
    // Not announced: the end of it is never sent.
    let piece = format!("{:x}\r\n{}\r\n", 16 * 1024, "x".repeat(16 * 1024));
    let chunked = format!("{head}transfer-encoding: chunked\r\n\r\n{}", piece.repeat(5));
    assert!(raw(server.address, chunked, end).await.starts_with("HTTP/1.1 413 "));
    // What is within the limit is read to its end.
    let form = "csrfToken=".to_owned() + &"x".repeat(64 * 1024 - 10);
    let lines = [("content-type", "application/x-www-form-urlencoded")];
    let whole = send(server.address, request("POST", "/api/auth/signout", &lines, &form)).await;
    assert_eq!(whole.unwrap().status(), 302);
}

#[actix_web::test]
async fn a_body_that_breaks_off_signs_nobody_in() {
    let url = "http://localhost:3000".parse().unwrap();
    let server = site(with_passwords!().url(url).build().unwrap());
    let mut browser = Browser::new(server.client());
    let token = csrf(&mut browser).await;
    let cookie = browser.cookie("next-auth.csrf-token").unwrap();
    let head = format!(
        "POST /api/auth/callback/credentials HTTP/1.1\r\nhost: localhost\r\ncookie: \
         next-auth.csrf-token={cookie}\r\ncontent-type: application/x-www-form-urlencoded\r\n"
    );
    let form = format!("csrfToken={token}&username=ada&password=right");
    let length = form.len();
    for (rest, signs_in) in [
        (format!("content-length: {length}\r\n\r\n{form}"), true),
        (format!("content-length: {}\r\n\r\n{form}", length + 1), false),
        (format!("transfer-encoding: chunked\r\n\r\n{length:x}\r\n{form}\r\n"), false),
        (format!("transfer-encoding: chunked\r\n\r\n{length:x}\r\n{form}\r\nzz\r\n"), false),
    ] {
        let answer = raw(server.address, format!("{head}{rest}"), None).await;
        assert_eq!(answer.contains("next-auth.session-token="), signs_in, "{rest} {answer}");
    }
}

#[actix_web::test]
async fn the_address_of_a_visitor_is_the_one_that_the_proxy_names() {
    let url = "http://localhost:3000".parse().unwrap();
    let auth = with_passwords!().url(url).client_address(ClientAddressSource::forwarded_for(1));
    let server = site(auth.build().unwrap());
    // The proxy appends; what is further left is the visitor's own word.
    let at = |address: &'static str| {
        Browser::new(server.client_with("x-forwarded-for", format!("192.0.2.7, {address}")))
    };
    let mut attacker = at("203.0.113.1");
    for account in 0..100 {
        let refused = try_password(&mut attacker, [&format!("user {account}"), "wrong"]).await;
        assert_eq!(refused.status(), 401, "{account}");
    }
    assert_eq!(try_password(&mut attacker, ["somebody", "wrong"]).await.status(), 429);
    let mut other = at("203.0.113.2");
    assert_eq!(try_password(&mut other, ["ada", "right"]).await.status(), 200);
}

fn behind_a_proxy() -> Server {
    let hosts = TrustedProxy::hosts(["app.example.com", "tenant.example.com"]);
    let source = ClientAddressSource::forwarded_for(1);
    site(with_passwords!().trust_proxy(hosts).client_address(source).build().unwrap())
}

#[actix_web::test]
async fn the_site_is_the_one_that_the_proxy_names() {
    let server = behind_a_proxy();
    let ask = async |lines: &[(&str, &str)]| {
        let page = send(server.address, request("GET", "/api/auth/providers", lines, "")).await;
        let page = page.unwrap();
        (page.status().as_u16(), text(&page).to_owned())
    };
    let (status, body) = ask(&[
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-host", "tenant.example.com"),
        ("x-forwarded-proto", "https"),
    ])
    .await;
    assert_eq!(status, 200, "{body}");
    assert!(body.contains("https://tenant.example.com/api/auth/signin/credentials"), "{body}");
    assert_eq!(ask(&[("x-forwarded-host", "evil.example")]).await.0, 400);
}

#[actix_web::test]
async fn the_authority_of_http2_is_the_host() {
    let server = behind_a_proxy();
    for (host, status) in [("app.example.com", 200), ("evil.example", 400)] {
        let address = format!("http://{host}/api/auth/providers");
        let answer = by_http2(server.address, Method::GET, &address).await.unwrap();
        assert_eq!(answer.status(), status, "{host}");
        let is_there = text(&answer).contains("https://app.example.com/api/auth/");
        assert_eq!(is_there, status == 200, "{}", text(&answer));
    }
}
