//! A server for comparing typegate with the real next-auth, request by request. It has no access
//! control, forgets everything, and fails on command: it is never for production.
//!
//! It offers the control endpoints below `/__oracle/` ([`control`]) and, beside them, the auth
//! routes under `/api/auth`. A program that drives a next-auth server with the same endpoints, the
//! same providers and the same people can drive this one unchanged.
//!
//! `PORT=4000 ORACLE_STRATEGY=jwt ORACLE_ADAPTER=none cargo run --example compat`
//!
//! | Variable | Default | Meaning |
//! |---|---|---|
//! | `PORT`, `HOST` | 4000, 127.0.0.1 | where to listen |
//! | `NEXTAUTH_URL` | `http://localhost:PORT` | the site |
//! | `ORACLE_STRATEGY` | – | `jwt` or `database`; by default database with an adapter |
//! | `ORACLE_ADAPTER` | `memory` | `none` to do without |
//! | `ORACLE_SECRET` | `oracle-secret` | the secret |
//! | `ORACLE_IDP` | `http://127.0.0.1:4100` | the identity provider |
//! | `ORACLE_BEHAVIOUR` | `{}` | how the application misbehaves at first, as JSON |
//!
//! Three profiles exist, one for each combination that compiles:
//!
//! | Sessions | Adapter | Providers |
//! |---|---|---|
//! | tokens | none | credentials, oidc, oauth2, oauth1 |
//! | tokens | memory | credentials, email, oidc, oauth2, oauth1 |
//! | database | memory | email, oidc, oauth2, oauth1 |
//!
//! typegate refuses credentials together with database sessions at compile time, so the last
//! profile has to leave that provider out, and requests to it are answered as for an unknown one.

mod clock;
mod configuration;
mod control;
mod hooks;
mod providers;
mod records;
mod store;
mod world;

use std::error::Error;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use axum::{Json, Router};
use http::StatusCode;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tower::ServiceExt;
use tracing_subscriber::EnvFilter;
use typegate::Auth;

use configuration::{Environment, Refusal};
use world::{World, locked};

/// What the requests share. A new behaviour brings a new configuration.
struct Server {
    world: Arc<World>,
    environment: Environment,
    auth: Mutex<Result<Auth<Value>, Refusal>>,
}

impl Server {
    fn new(environment: Environment) -> Self {
        let world = Arc::new(World::new(environment.behaviour.clone()));
        let auth = Mutex::new(configuration::build(&environment, &world));
        Self { world, environment, auth }
    }

    /// Builds the configuration again, for a behaviour that has changed.
    fn rebuild(&self) {
        *locked(&self.auth) = configuration::build(&self.environment, &self.world);
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt()
        .with_target(false)
        .with_env_filter(EnvFilter::from_default_env())
        .init();
    let environment = Environment::read()?;
    let listener = TcpListener::bind((environment.host.as_str(), environment.port)).await?;
    let address = listener.local_addr()?;
    let router = Router::new()
        .route("/__oracle/{control}", any(control::answer))
        .fallback(authenticate)
        .with_state(Arc::new(Server::new(environment)));
    announce(address);
    axum::serve(listener, router).await?;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "whoever started this waits for the line")]
fn announce(address: SocketAddr) {
    println!("ready http://{address}");
}

/// Hands a request to typegate, if there is a configuration to hand it to.
async fn authenticate(State(server): State<Arc<Server>>, request: Request) -> Response {
    let auth = match &*locked(&server.auth) {
        Ok(auth) => auth.clone(),
        Err(refusal) => return refused(&server, refusal),
    };
    let Ok(response) = auth.service().oneshot(request).await;
    response.map(Body::new)
}

/// A real program would not start, or would not even exist. The former is told in next-auth's
/// words, the latter is not pretended to have an answer.
fn refused(server: &Server, refusal: &Refusal) -> Response {
    match refusal {
        Refusal::Build(error) => {
            let code = error.code().map_or("CONFIGURATION_ERROR", |code| code.as_str());
            server.world.records.add("log.error", code, json!({ "message": error.to_string() }));
            let message = "There is a problem with the server configuration. \
                           Check the server logs for more information.";
            // What has no code, next-auth notices at the sign-in only, and answers by an address.
            let body = match error.code() {
                Some(_) => json!({ "message": message }),
                None => {
                    let page =
                        format!("{}/error?error=Configuration", server.environment.site.base());
                    json!({ "message": message, "url": page })
                }
            };
            (StatusCode::INTERNAL_SERVER_ERROR, Json(body)).into_response()
        }
        Refusal::Compiler(rule) => {
            (StatusCode::NOT_IMPLEMENTED, format!("does not compile: {rule}\n")).into_response()
        }
    }
}
