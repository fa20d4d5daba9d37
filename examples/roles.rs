//! Roles: which part of a site needs which, in one table. `cargo run --example roles`, and sign in
//! as `ada`, who is an administrator, as `eve`, who audits, or as anybody else.

use std::error::Error;
use std::net::SocketAddr;

use axum::Router;
use axum::routing::get;
use serde::{Deserialize, Serialize};
use typegate::guard::Guard;
use typegate::hooks::{Callbacks, SessionRequest, SessionSource, TokenRequest};
use typegate::provider::Credentials;
use typegate::{
    Auth, AuthorizeError, CallbackError, Claims, ConfigError, Jwt, Secret, Session, User,
};

#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Role {
    Admin,
    Auditor,
    #[default]
    Member,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct AppSession {
    name: Option<String>,
    role: Role,
    expires: String,
}

/// Which roles may see what is below the first segment of a path. What is not named is for all who
/// are signed in.
const PLACES: [(&str, &[Role]); 2] =
    [("admin", &[Role::Admin]), ("reports", &[Role::Admin, Role::Auditor])];

/// The path is decoded. One that can be read in two ways is refused by the guard without asking.
fn may(session: &AppSession, path: &str) -> bool {
    let place = path.split('/').nth(1).unwrap_or_default();
    let mut rules = PLACES.iter().filter(|(segment, _)| *segment == place);
    rules.all(|(_, roles)| roles.contains(&session.role))
}

/// Yours: asks your database. Once, at the sign-in: a role in a cookie is as old as that.
async fn role_of(user: &User) -> Role {
    match &*user.id {
        "ada" => Role::Admin,
        "eve" => Role::Auditor,
        _ => Role::Member,
    }
}

async fn token(request: TokenRequest) -> Result<Claims, CallbackError> {
    let mut token = request.token;
    if let Some(user) = request.user {
        token.insert("role", role_of(&user).await);
    }
    Ok(token)
}

async fn session(request: SessionRequest) -> Result<AppSession, CallbackError> {
    let SessionSource::Token(token) = request.source else {
        return Err("sessions are in cookies here".into());
    };
    // A session from before there were roles has none, and the least.
    let role = token.get("role").unwrap_or_default();
    Ok(AppSession { name: request.session.user.name, role, expires: request.session.expires })
}

#[derive(Deserialize)]
struct Login {
    username: String,
}

/// Believes everybody: this is an example.
async fn authorize(login: Login) -> Result<Option<User>, AuthorizeError> {
    Ok(Some(User::new(&login.username).name(login.username)))
}

fn site() -> Result<Router, ConfigError> {
    let auth = Auth::builder()
        .secret(Secret::new("example only: known to everybody who reads this")?)
        .url("http://localhost:3000".parse()?)
        .provider(Credentials::new(authorize).text_field("username", "User name"))
        .session(Jwt::default())
        .callbacks(Callbacks::new().jwt(token).session(session))
        .build()?;
    let guard = Guard::new(auth.clone()).public("/").authorized(may).build()?;
    let routes = Router::new()
        .route("/", get(home))
        .route("/account", get(async || "for all who are signed in\n"))
        .route("/admin/users", get(async || "for administrators\n"))
        .route("/reports/{year}", get(async || "for auditors and administrators\n"))
        .merge(auth.routes())
        .with_state(auth);
    Ok(guard.around(routes))
}

async fn home(session: Option<Session<AppSession>>) -> String {
    match session {
        Some(Session(AppSession { name, role, .. })) => {
            format!("{} is signed in as {role:?}.\n", name.unwrap_or_default())
        }
        None => "Nobody is signed in: go to /account\n".to_owned(),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_target(false).init();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    tracing::info!("open http://localhost:3000");
    let app = site()?.into_make_service_with_connect_info::<SocketAddr>();
    Ok(axum::serve(listener, app).await?)
}

#[cfg(test)]
mod tests {
    use typegate::testing::Browser;

    use super::*;

    async fn signed_in(name: &str) -> Browser<Router> {
        let mut browser = Browser::new(site().unwrap());
        let csrf = browser.get("/api/auth/csrf").await.unwrap();
        let csrf: serde_json::Value = serde_json::from_slice(csrf.body()).unwrap();
        let fields = [("csrfToken", csrf["csrfToken"].as_str().unwrap()), ("username", name)];
        browser.post("/api/auth/callback/credentials", &fields).await.unwrap();
        browser
    }

    #[tokio::test]
    async fn each_place_is_for_its_roles() {
        for (name, account, reports, admin) in
            [("ada", 200, 200, 200), ("eve", 200, 200, 403), ("bob", 200, 403, 403)]
        {
            let mut browser = signed_in(name).await;
            // What is not there is forbidden all the same, in every spelling.
            let absent = if admin == 200 { 404 } else { admin };
            for (path, expected) in [
                ("/account", account),
                ("/reports/2026", reports),
                ("/admin/users", admin),
                ("/%61dmin/users", absent),
                ("/admin", absent),
            ] {
                let answer = browser.get(path).await.unwrap();
                assert_eq!(answer.status(), expected, "{name} {path}");
            }
        }
        let mut nobody = Browser::new(site().unwrap());
        for (path, expected) in [("/", 200), ("/account", 401), ("/admin/users", 401)] {
            assert_eq!(nobody.get(path).await.unwrap().status(), expected, "{path}");
        }
    }
}
