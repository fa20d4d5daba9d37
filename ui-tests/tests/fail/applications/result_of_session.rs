extern crate renamed_typegate as typegate;

use axum::http::StatusCode;
use typegate::{Auth, Session};

#[axum::debug_handler(state = Auth)]
async fn home(session: Result<Session, StatusCode>) -> &'static str {
    if session.is_ok() { "somebody" } else { "nobody" }
}

fn main() {}
