//! A server to be compared with next-auth, request by request.
//!
//! It is typegate in one of three profiles, with the control endpoints by which the comparison sets
//! the scene and reads what typegate told and asked the application.

mod clock;
pub(crate) mod configuration;
mod control;
mod hooks;
mod options;
mod providers;
mod records;
mod store;
pub(crate) mod world;

use std::io;
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
use typegate::{Auth, DefaultHttpClient};

use configuration::{Refusal, Setup};
use world::{World, locked};

/// What the requests share. A new behaviour brings a new configuration.
struct Server {
    world: Arc<World>,
    setup: Setup,
    auth: Mutex<Result<Auth<Value>, Refusal>>,
}

impl Server {
    fn new(setup: Setup, http_client: DefaultHttpClient) -> Self {
        let world = Arc::new(World::new(setup.behaviour.clone(), http_client));
        let auth = Mutex::new(configuration::build(&setup, &world));
        Self { world, setup, auth }
    }

    /// Builds the configuration again, for a behaviour that has changed.
    fn rebuild(&self) {
        *locked(&self.auth) = configuration::build(&self.setup, &self.world);
    }
}

/// Answers every request that reaches `listener`, for ever.
pub(crate) async fn serve(listener: TcpListener, setup: Setup) -> io::Result<()> {
    let http_client = DefaultHttpClient::new().map_err(io::Error::other)?;
    let router = Router::new()
        .route("/__oracle/{control}", any(control::answer))
        .fallback(authenticate)
        .with_state(Arc::new(Server::new(setup, http_client)));
    axum::serve(listener, router).await
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
                    let page = format!("{}/error?error=Configuration", server.setup.site.base());
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
