//! The unmodified `next-auth/react` with a server in Rust: a page made by React, and every way to
//! sign in that it can use.
//!
//! The page is bundled by `node tests/browser/bundle.mjs`, after `npm ci` there; then `cargo run
//! --example react` and <http://localhost:3000>. Messages are not sent anywhere: they are on
//! <http://localhost:3000/outbox>, for everybody on this machine.

mod callbacks;
#[path = "../quickstart/identity_provider/mod.rs"]
mod identity_provider;
mod outbox;
mod page;
#[path = "../quickstart/rename.rs"]
mod rename;

use std::env;
use std::error::Error;
use std::net::SocketAddr;

use axum::Router;
use axum::extract::FromRef;
use axum::routing::get;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;
use typegate::adapter::SqliteAdapter;
use typegate::provider::{Credentials, Email, OAuthClient, Oidc};
use typegate::{Auth, AuthorizeError, ClientSecret, Jwt, Secret, SessionLayer, SiteUrl, User};

use identity_provider::{Client, IdentityProvider};
use outbox::Outbox;

#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
    outbox: Outbox,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| "info,typegate=debug".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_target(false).init();

    let port: u16 = variable("PORT", "3000").parse()?;
    let provider_port: u16 = variable("PROVIDER_PORT", "3100").parse()?;
    let site: SiteUrl = format!("http://localhost:{port}").parse()?;
    let issuer = format!("http://localhost:{provider_port}");
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

    let adapter = SqliteAdapter::connect(&variable("DATABASE_URL", "sqlite://react.db")).await?;
    adapter.migrate().await?;
    let outbox = Outbox::default();
    let mailer = outbox.clone();
    let auth = Auth::builder()
        .secret(Secret::new("example only: known to everybody who reads this")?)
        .url(site.clone())
        .adapter(adapter)
        .session(Jwt::default())
        .provider(
            Oidc::builder()
                .id("development")
                .name("the development provider")
                .issuer(&issuer)
                .client(OAuthClient::new("client", ClientSecret::new("s3cr3t")))
                .build(),
        )
        .provider(Email::new(move |message| {
            let mailer = mailer.clone();
            async move { mailer.post(message) }
        }))
        .provider(
            Credentials::new(authorize)
                .name("a password")
                .text_field("username", "User name")
                .password_field(),
        )
        .callbacks(callbacks::callbacks())
        .build()?;

    let app = Router::new()
        .route("/", get(page::shell))
        .route("/members", get(page::shell))
        .route("/app.js", get(page::script))
        .route("/favicon.ico", get(page::no_icon))
        .route("/outbox", get(outbox::list))
        .merge(auth.routes())
        .layer(SessionLayer::new())
        .with_state(App { auth, outbox });
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    tracing::info!("open {} in a browser; sign in as ada with the password 1815", site.origin());
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await?;
    Ok(())
}

#[derive(serde::Deserialize)]
struct Login {
    username: String,
    password: String,
}

async fn authorize(login: Login) -> Result<Option<User>, AuthorizeError> {
    if login.username == "charles" {
        return Err(AuthorizeError::visible("This account is locked"));
    }
    let is_ada = login.username == "ada" && login.password == "1815";
    Ok(is_ada.then(|| User::new("ada").name("Ada Lovelace").email("ada@example.com")))
}

fn variable(name: &str, default: &str) -> String {
    env::var(name).ok().filter(|value| !value.is_empty()).unwrap_or_else(|| default.to_owned())
}
