//! Sign-in with GitHub in axum, and nothing else: sessions are in cookies, so there is no database.
//!
//! `docs/start.md` says what to put into the environment.

use std::error::Error;

use axum::{Router, routing::get};
use typegate::provider::catalog::GitHub;
use typegate::{Auth, Secret, Session, SessionLayer, SiteUrl};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    let auth = Auth::builder()
        .secret(Secret::from_env()?)
        .url(SiteUrl::from_env()?)
        .provider(GitHub::from_env()?)
        .build()?;
    let app = Router::new()
        .route("/", get(hello))
        .merge(auth.routes())
        .layer(SessionLayer::new())
        .with_state(auth);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    Ok(axum::serve(listener, app).await?)
}

/// For whoever is signed in; a browser of anybody else goes to the sign-in page and comes back.
async fn hello(Session(session): Session) -> String {
    format!("Hello, {}!", session.user.name.as_deref().unwrap_or("stranger"))
}
