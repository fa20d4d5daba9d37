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
async fn account(session: Session<Claims>) -> String {
    session.0.roles.join(", ")
}

fn main() {}
