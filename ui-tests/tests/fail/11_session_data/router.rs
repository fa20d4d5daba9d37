extern crate renamed_typegate as typegate;

use axum::routing::get;
use typegate::{Auth, Session};

#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct AppSession {
    user_id: String,
}

#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct Claims {
    roles: Vec<String>,
}

async fn account(session: Session<Claims>) -> String {
    session.0.roles.join(", ")
}

fn app(auth: Auth<AppSession>) -> axum::Router {
    axum::Router::new().route("/account", get(account)).merge(auth.routes()).with_state(auth)
}

fn main() {}
