//! typegate in a trace: an application whose spans, and typegate's in them, go to a collector of
//! OpenTelemetry by OTLP.
//!
//! ```text
//! AUTH_SECRET=$(openssl rand -base64 32) NEXTAUTH_URL=http://localhost:3000 \
//! OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318 cargo run
//! ```
//!
//! Somebody is `ada`, whose password is 1815.

mod telemetry;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;

use axum::middleware::from_fn;
use axum::{Router, routing::get};
use opentelemetry_otlp::SpanExporter;
use serde::Deserialize;
use typegate::provider::Credentials;
use typegate::{
    Auth, AuthorizeError, BoxError, CredentialField, Secret, Session, SessionLayer, SiteUrl, User,
};

#[derive(Deserialize)]
struct Login {
    username: String,
    password: String,
}

async fn authorize(login: Login) -> Result<Option<User>, AuthorizeError> {
    let is_right = login.username == "ada" && login.password == "1815";
    Ok(is_right.then(|| User::new("1").name("Ada Lovelace").email("ada@example.com")))
}

fn credentials() -> Credentials {
    Credentials::new(authorize).field(CredentialField::new("username")).password_field()
}

fn app(auth: Auth) -> Router {
    Router::new()
        .route("/", get(home))
        .merge(auth.routes())
        .layer(SessionLayer::new())
        // Outermost, so that it is around whatever the others do.
        .layer(from_fn(telemetry::server_span))
        .with_state(auth)
}

async fn home(session: Option<Session>) -> String {
    let name = session.and_then(|session| session.0.user.name);
    format!("Hello, {}!", name.as_deref().unwrap_or("whoever you are"))
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let traces = telemetry::start(SpanExporter::builder().with_http().build()?);
    let auth = Auth::builder()
        .secret(Secret::from_env()?)
        .url(SiteUrl::from_env()?)
        .provider(credentials())
        .build()?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    let end = async { tokio::signal::ctrl_c().await.unwrap_or_default() };
    // By whom attempts to sign in are counted.
    let app = app(auth).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, app).with_graceful_shutdown(end).await?;
    // What was not sent yet is sent now, by a thread that may wait for it.
    Ok(tokio::task::spawn_blocking(move || traces.shutdown()).await??)
}
