//! Roles that are kept with the user, and a page of one's own devices:
//! `cargo run --example devices_and_roles`, then <http://localhost:3000>.
//!
//! Sessions are rows of an SQLite database, so a role that is given or taken, and a device that is
//! signed out, count at the next request. Sign-in is by a link, which this program prints in the
//! place of a message, and by GitHub where `AUTH_GITHUB_ID` and `AUTH_GITHUB_SECRET` are set.
//! `ada@example.com` is the administrator.

use std::collections::HashMap;
use std::env;
use std::fmt::Display;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Form, FromRef, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{Html, Redirect, Response};
use axum::routing::{get, post};
use maud::html;
use serde::{Deserialize, Serialize};
use serde_json::json;
use typegate::adapter::{DatabaseOptions, SchemaProfile, SqliteAdapter, UserStore as _};
use typegate::guard::Guard;
use typegate::hooks::{Callbacks, SessionSource};
use typegate::provider::Email;
use typegate::provider::catalog::GitHub;
use typegate::{
    AdapterError, Auth, BoxError, ConfigError, EmailAddress, NewUser, Secret, Session,
    SessionControl, SiteUrl, User, UserSessions, UserUpdate,
};

/// Each may do what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Role {
    Member,
    Editor,
    Admin,
}

/// What pages know of whoever is signed in.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Visitor {
    email: Option<String>,
    role: Role,
    expires: String,
}

/// What the column says. It counts once the address is proved, because roles are given by address:
/// a provider that does not vouch for addresses lets anybody name any.
fn role_of(user: &User) -> Role {
    let stored = user.email_verified.and(user.extra.get("role"));
    stored.and_then(|role| Role::deserialize(role).ok()).unwrap_or(Role::Member)
}

/// Whether a visitor may see a page. One that is not named here is for everybody who is signed in.
fn may(visitor: &Visitor, path: &str) -> bool {
    let needed = match path.split('/').nth(1) {
        Some("people") => Role::Admin,
        Some("articles") => Role::Editor,
        _ => Role::Member,
    };
    visitor.role >= needed
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "in the place of a message")]
async fn main() -> Result<(), BoxError> {
    tracing_subscriber::fmt().init();
    let users = connect("sqlite://devices_and_roles.db").await?;
    appoint(&users, &"ada@example.com".parse()?, Role::Admin).await?;
    let email = Email::new(|message| async move {
        println!("for {}: {}", message.to, message.url);
        Ok(())
    });
    let app = app(auth(users.clone(), email)?, users)?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await?;
    Ok(())
}

/// `migrate` makes the column, too.
async fn connect(url: &str) -> Result<SqliteAdapter, AdapterError> {
    let schema = SchemaProfile::typegate().user_member("role");
    let users = SqliteAdapter::connect_with(url, DatabaseOptions::default().schema(schema)).await?;
    users.migrate().await?;
    Ok(users)
}

fn auth(users: SqliteAdapter, email: Email) -> Result<Auth<Visitor>, ConfigError> {
    let callbacks = Callbacks::new().session(|request| async move {
        let SessionSource::User(user) = request.source else {
            return Err("sessions are in the database here".into());
        };
        let role = role_of(&user);
        Ok(Visitor { email: user.email, role, expires: request.session.expires })
    });
    // Without variables this program keeps to its own machine, where everybody may know the secret.
    let is_told = ["NEXTAUTH_SECRET", "AUTH_SECRET"].iter().any(|name| env::var_os(name).is_some());
    let secret = match is_told {
        true => Secret::from_env()?,
        false => Secret::new("this example only: known to everybody who reads it")?,
    };
    let github = env::var_os("AUTH_GITHUB_ID").map(|_| GitHub::from_env()).transpose()?;
    Auth::builder()
        .secret(secret)
        .url("http://localhost:3000".parse::<SiteUrl>()?)
        .adapter(users)
        .provider(email)
        .providers(github)
        .callbacks(callbacks)
        .session_control()
        .build()
}

#[derive(Clone, FromRef)]
struct App {
    auth: Auth<Visitor>,
    users: SqliteAdapter,
    sessions: SessionControl,
    devices: Devices,
}

fn app(auth: Auth<Visitor>, users: SqliteAdapter) -> Result<Router, ConfigError> {
    let guard = Guard::new(auth.clone()).public("/").authorized(may).build()?;
    let sessions = auth.session_control()?;
    let auth_routes = auth.routes();
    let state = App { auth, users, sessions, devices: Devices::default() };
    let routes = Router::new()
        .route("/", get(home))
        .route("/devices", get(devices))
        .route("/devices/end", post(end_device))
        .route("/articles", get(async || "for editors"))
        .route("/people", get(people).post(change_role))
        .layer(from_fn_with_state(state.clone(), note_device))
        .layer(from_fn(from_own_pages))
        .merge(auth_routes)
        .with_state(state);
    Ok(guard.around(routes))
}

async fn home(visitor: Option<Session<Visitor>>) -> Html<String> {
    let page = html! {
        @match visitor {
            Some(Session(visitor)) => {
                p { (visitor.email.unwrap_or_default()) ": " (format!("{:?}", visitor.role)) }
                a href="/devices" { "My devices" } " "
                a href="/api/auth/signout?callbackUrl=/" { "Sign out" }
            }
            None => a href="/api/auth/signin" { "Sign in" },
        }
    };
    Html(page.into_string())
}

/// Only pages of this site may post to it. A session's cookie is SameSite=Lax, so that other sites
/// cannot; hosts beside it (`blog.example.com`) and other ports of this machine can.
async fn from_own_pages(request: Request, next: Next) -> Result<Response, StatusCode> {
    if !request.method().is_safe() && !is_own(request.headers()) {
        return Err(StatusCode::FORBIDDEN);
    }
    Ok(next.run(request).await)
}

fn is_own(headers: &HeaderMap) -> bool {
    let header = |name| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    match (header("sec-fetch-site"), header("origin"), header("host")) {
        (Some(site), ..) => matches!(site, "same-origin" | "none"),
        // An older browser: the origin without its scheme is the host.
        (None, Some(origin), Some(host)) => {
            origin.split_once("://").is_some_and(|(_, own)| own == host)
        }
        (None, Some(_), None) => false,
        // No browser.
        (None, None, _) => true,
    }
}

/// How much of what a browser calls itself is kept: it may send as much as it likes.
const AGENT_LENGTH: usize = 200;

/// The devices of each person, by [`ListedSession::id`](typegate::ListedSession::id): the session's
/// row does not say what a browser calls itself. Yours is a table with that id as its key, from which
/// goes what no session has any more.
#[derive(Clone, Default)]
struct Devices(Arc<Mutex<HashMap<String, String>>>);

/// Runs behind the guard, once for each page.
async fn note_device(
    State(App { sessions, devices, .. }): State<App>,
    request: Request,
    next: Next,
) -> Result<Response, StatusCode> {
    let mine = sessions.of_request(request.headers()).await.map_err(failure)?;
    let agent = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    if let (Some(id), Some(agent)) = (mine.and_then(|mine| mine.current_id()), agent) {
        let mut devices = devices.0.lock().unwrap_or_else(PoisonError::into_inner);
        devices.insert(id, agent.chars().take(AGENT_LENGTH).collect());
    }
    Ok(next.run(request).await)
}

async fn devices(
    State(App { sessions, devices, .. }): State<App>,
    headers: HeaderMap,
) -> Result<Html<String>, StatusCode> {
    let mine = of_visitor(&sessions, &headers).await?;
    let listed = mine.list().await.map_err(failure)?;
    let devices = devices.0.lock().unwrap_or_else(PoisonError::into_inner);
    let page = html! {
        h1 { "My devices" }
        @for session in &listed {
            form method="post" action="/devices/end" {
                (devices.get(&session.id).map_or("a device", String::as_str))
                @if session.is_current { ", this one" }
                ", until " (session.expires) " "
                button name="id" value=(session.id) { "Sign out" }
            }
        }
        form method="post" action="/devices/end" { button { "Sign out everywhere else" } }
    };
    Ok(Html(page.into_string()))
}

/// The guard has let the visitor through; the session may have ended since.
async fn of_visitor(
    sessions: &SessionControl,
    headers: &HeaderMap,
) -> Result<UserSessions, StatusCode> {
    sessions.of_request(headers).await.map_err(failure)?.ok_or(StatusCode::UNAUTHORIZED)
}

#[derive(Deserialize)]
struct Ending {
    id: Option<String>,
}

/// An id of somebody else's session ends nothing.
async fn end_device(
    State(sessions): State<SessionControl>,
    headers: HeaderMap,
    Form(ending): Form<Ending>,
) -> Result<Redirect, StatusCode> {
    let mine = of_visitor(&sessions, &headers).await?;
    let ended = match ending.id {
        Some(id) => u64::from(mine.revoke(&id).await.map_err(failure)?),
        None => mine.revoke_others().await.map_err(failure)?,
    };
    tracing::info!(user = mine.user_id(), ended, "devices were signed out");
    Ok(Redirect::to("/devices"))
}

async fn people() -> Html<String> {
    let page = html! {
        form method="post" {
            input name="email" type="email" placeholder="bob@example.com";
            select name="role" {
                @for role in [Role::Member, Role::Editor, Role::Admin] {
                    option value=(format!("{role:?}").to_lowercase()) { (format!("{role:?}")) }
                }
            }
            button { "Appoint" }
        }
    };
    Html(page.into_string())
}

#[derive(Deserialize)]
struct Appointment {
    email: String,
    role: Role,
}

async fn change_role(
    State(users): State<SqliteAdapter>,
    Form(appointment): Form<Appointment>,
) -> Result<Redirect, StatusCode> {
    let address: EmailAddress =
        appointment.email.parse().map_err(|_| StatusCode::UNPROCESSABLE_ENTITY)?;
    appoint(&users, &address, appointment.role).await.map_err(failure)?;
    Ok(Redirect::to("/people"))
}

/// Gives a role to somebody who is there, or who will be: a row without accounts waits for whoever
/// proves its address.
async fn appoint(
    users: &SqliteAdapter,
    address: &EmailAddress,
    role: Role,
) -> Result<(), AdapterError> {
    if let Some(user) = users.user_by_email(address.as_str()).await? {
        users.update_user(UserUpdate::new(user.id).member("role", json!(role))).await?;
    } else {
        users.create_user(NewUser::new().email(address).member("role", json!(role))).await?;
    }
    Ok(())
}

/// Says what went wrong to the log, and to the visitor only that something did.
fn failure(error: impl Display) -> StatusCode {
    tracing::error!(%error, "a page failed");
    StatusCode::INTERNAL_SERVER_ERROR
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use serde_json::Value;
    use tower::ServiceExt as _;
    use typegate::testing::Browser;

    use super::*;

    /// The application with an administrator, and the links that it sent.
    async fn application() -> (Router, Arc<Mutex<Vec<String>>>) {
        let users = connect("sqlite::memory:").await.unwrap();
        appoint(&users, &"ada@example.com".parse().unwrap(), Role::Admin).await.unwrap();
        let links = Arc::new(Mutex::new(Vec::new()));
        let outbox = Arc::clone(&links);
        let email = Email::new(move |message| {
            outbox.lock().unwrap().push(message.url);
            async { Ok(()) }
        });
        (app(auth(users.clone(), email).unwrap(), users).unwrap(), links)
    }

    async fn signed_in(
        address: &str,
        (router, links): &(Router, Arc<Mutex<Vec<String>>>),
    ) -> Browser<Router> {
        let mut browser = Browser::new(router.clone());
        let csrf = browser.get("/api/auth/csrf").await.unwrap();
        let csrf: Value = serde_json::from_slice(csrf.body()).unwrap();
        let fields = [("csrfToken", csrf["csrfToken"].as_str().unwrap()), ("email", address)];
        browser.post("/api/auth/signin/email", &fields).await.unwrap();
        let link = links.lock().unwrap().pop().unwrap();
        browser.get(&link).await.unwrap();
        browser
    }

    async fn status(browser: &mut Browser<Router>, path: &str) -> u16 {
        browser.get(path).await.unwrap().status().as_u16()
    }

    async fn devices(browser: &mut Browser<Router>) -> Vec<String> {
        let page = browser.get("/devices").await.unwrap();
        let page = String::from_utf8(page.body().to_vec()).unwrap();
        let ids = page.split("value=\"").skip(1);
        ids.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
    }

    #[tokio::test]
    async fn a_role_that_is_given_or_taken_counts_at_the_next_request() {
        let application = application().await;
        let mut ada = signed_in("ada@example.com", &application).await;
        let mut bob = signed_in("bob@example.com", &application).await;
        assert_eq!(
            (status(&mut ada, "/people").await, status(&mut bob, "/people").await),
            (200, 403)
        );
        for (role, answer) in [("editor", 200), ("member", 403)] {
            ada.post("/people", &[("email", "bob@example.com"), ("role", role)]).await.unwrap();
            assert_eq!(status(&mut bob, "/articles").await, answer, "{role}");
        }
    }

    #[tokio::test]
    async fn a_device_is_signed_out_by_its_owner_and_by_nobody_else() {
        let application = application().await;
        let mut laptop = signed_in("ada@example.com", &application).await;
        let mut phone = signed_in("ada@example.com", &application).await;
        let mut bob = signed_in("bob@example.com", &application).await;
        let [first, second] = devices(&mut phone).await.try_into().unwrap();
        for id in [&first, &second] {
            bob.post("/devices/end", &[("id", id)]).await.unwrap();
        }
        assert_eq!(devices(&mut laptop).await.len(), 2);

        phone.post("/devices/end", &[("", "")]).await.unwrap();
        assert_eq!(devices(&mut phone).await.len(), 1);
        assert_eq!(status(&mut laptop, "/devices").await, 401);
    }

    #[tokio::test]
    async fn a_page_beside_the_site_appoints_nobody() {
        let application = application().await;
        let ada = signed_in("ada@example.com", &application).await;
        let cookie =
            format!("next-auth.session-token={}", ada.cookie("next-auth.session-token").unwrap());
        let post = async |headers: &[(&str, &str)]| {
            let mut request = Request::post("/people")
                .header("host", "localhost:3000")
                .header("content-type", "application/x-www-form-urlencoded")
                .header("cookie", &cookie);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let request = request.body(Body::from("email=eve@example.com&role=admin")).unwrap();
            application.0.clone().oneshot(request).await.unwrap().status().as_u16()
        };
        for (headers, answer) in [
            (&[("sec-fetch-site", "same-site"), ("origin", "http://localhost:3000")][..], 403),
            (&[("sec-fetch-site", "cross-site")], 403),
            (&[("origin", "http://blog.localhost:3000")], 403),
            (&[("origin", "null")], 403),
            (&[("sec-fetch-site", "same-origin"), ("origin", "http://localhost:3000")], 303),
            (&[("origin", "http://localhost:3000")], 303),
        ] {
            assert_eq!(post(headers).await, answer, "{headers:?}");
        }
    }

    #[test]
    fn a_role_waits_for_the_proof_of_its_address() {
        let mut user = User::new("1").email("ada@example.com").member("role", "admin");
        assert_eq!(role_of(&user), Role::Member);
        user.email_verified = Some(typegate::Timestamp::now());
        assert_eq!(role_of(&user), Role::Admin);
    }
}
