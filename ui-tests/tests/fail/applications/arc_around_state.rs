extern crate renamed_typegate as typegate;

use std::sync::Arc;

use axum::extract::{FromRef, State};
use axum::routing::get;
use typegate::{Auth, Session};

#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
    greeting: String,
}

#[axum::debug_handler(state = Arc<App>)]
async fn home(State(app): State<Arc<App>>, session: Session) -> String {
    format!("{} {}", app.greeting, session.user.name.clone().unwrap_or_default())
}

fn app(auth: Auth) -> axum::Router {
    let state = Arc::new(App { auth, greeting: "Hello".to_owned() });
    axum::Router::new().route("/", get(home)).with_state(state)
}

fn main() {}
