//! A web application with sign-in and nothing to set up: `cargo run --example quickstart`, then
//! <http://localhost:3000>.
//!
//! There are two ways in: an OpenID Connect provider for development, which this program runs
//! itself on another port, and a user name with a password. Whoever is signed in sees where else they
//! are, and ends those sessions. A native program gets in through
//! somebody who is signed in already; see the example `native_sign_in`. Users and accounts are kept
//! in an embedded SQLite database, sessions in encrypted cookies.

mod home;
mod identity_provider;
mod native;
mod rename;
mod sessions;

use std::env;
use std::error::Error;
use std::net::SocketAddr;

use axum::Router;
use axum::extract::FromRef;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;
use typegate::adapter::SqliteAdapter;
use typegate::provider::{Credentials, OAuthClient, Oidc};
use typegate::{
    Auth, AuthorizeError, ClientSecret, Jwt, Secret, SessionLayer, SiteUrl, Theme, User,
};

use identity_provider::{Client, IdentityProvider};
use native::{Exchange, NativePrograms};
use sessions::{SessionList, Visitor};

#[derive(Clone, FromRef)]
struct App {
    auth: Auth<Visitor>,
    site: SiteUrl,
    sessions: SessionList,
    native_programs: NativePrograms,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| "info,typegate=debug".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_target(false).init();

    let port: u16 = variable("PORT", "3000").parse()?;
    let provider_port: u16 = variable("PROVIDER_PORT", "3100").parse()?;
    let site: SiteUrl = variable("NEXTAUTH_URL", &format!("http://localhost:{port}")).parse()?;
    // Another issuer may stand in for the built-in one, with the client `client` / `s3cr3t`.
    let own_issuer = format!("http://localhost:{provider_port}");
    let issuer = variable("OIDC_ISSUER", &own_issuer);
    let database = variable("DATABASE_URL", "sqlite://quickstart.db");

    let adapter = SqliteAdapter::connect(&database).await?;
    adapter.migrate().await?;

    let native_programs = NativePrograms::new(site.clone());
    let programs = native_programs.clone();
    let sessions = SessionList::default();
    let auth = Auth::builder()
        .secret(secret()?)
        .url(site.clone())
        .adapter(adapter)
        .session(Jwt::default())
        .provider(
            Oidc::builder()
                .id("development")
                .name("the development provider")
                .issuer(&issuer)
                .client(OAuthClient::new("client", ClientSecret::new("s3cr3t")))
                .fetch_user_info(issuer != own_issuer)
                .build(),
        )
        .provider(
            Credentials::new(move |login| authorize(login, programs.clone()))
                .name("a password")
                .text_field("username", "User name")
                .password_field(),
        )
        .theme(Theme::new().site_name("Quickstart"))
        .callbacks(sessions::callbacks(sessions.clone()))
        .build()?;

    if issuer == own_issuer {
        let client = Client {
            id: "client".into(),
            secret: "s3cr3t".into(),
            redirect_uris: vec![format!("{}/callback/development", site.base()).parse()?],
        };
        let provider = IdentityProvider::new(issuer.parse()?, client)?;
        let listener = TcpListener::bind(("127.0.0.1", provider_port)).await?;
        tokio::spawn(async move {
            if let Err(error) = provider.serve(listener).await {
                tracing::error!(%error, "the development provider stopped");
            }
        });
    }

    let app = Router::new()
        .route("/", get(home::home))
        .route("/account", get(home::account))
        .route("/sessions/end", post(sessions::end))
        .route("/favicon.ico", get(home::no_icon))
        .route("/native", get(native::ask).post(native::decide))
        .merge(auth.routes())
        .layer(SessionLayer::new())
        .with_state(App { auth, site: site.clone(), sessions, native_programs });
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    tracing::info!(
        "open {} in a browser; sign in as ada with the password 1815, or",
        site.origin()
    );
    tracing::info!("with the development provider at {issuer}, which takes any name");
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await?;
    Ok(())
}

/// What the form of the sign-in page sends, or what a native program does.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Login {
    Password { username: String, password: String },
    Native(Exchange),
}

/// A real application compares a password hash (argon2, say) on a blocking thread.
async fn authorize(
    login: Login,
    native_programs: NativePrograms,
) -> Result<Option<User>, AuthorizeError> {
    match login {
        Login::Native(exchange) => Ok(native_programs.redeem(&exchange)),
        Login::Password { username, password } => {
            let is_ada = username == "ada" && password == "1815";
            Ok(is_ada.then(|| User::new("ada").name("Ada Lovelace").email("ada@example.com")))
        }
    }
}

/// The secret of the environment, or one that everybody knows and that is therefore good for
/// nothing but this program on this machine.
fn secret() -> Result<Secret, Box<dyn Error>> {
    match Secret::from_env() {
        Ok(secret) => Ok(secret),
        Err(_) if env::var_os("NEXTAUTH_SECRET").is_none() => {
            Ok(Secret::new("quickstart only: known to everybody who reads this")?)
        }
        Err(error) => Err(error.into()),
    }
}

fn variable(name: &str, default: &str) -> String {
    env::var(name).ok().filter(|value| !value.is_empty()).unwrap_or_else(|| default.to_owned())
}
