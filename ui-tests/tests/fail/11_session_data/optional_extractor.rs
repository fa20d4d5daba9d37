extern crate renamed_typegate as typegate;

use typegate::{Auth, Session};

#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct AppSession {
    user_id: String,
}

#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct Claims {
    roles: Vec<String>,
}

#[axum::debug_handler(state = Auth<AppSession>)]
async fn home(_session: Option<Session<Claims>>) -> &'static str {
    "home"
}

fn main() {}
