extern crate renamed_typegate as typegate;

use typegate::{Auth, Session};

#[derive(serde::Serialize, serde::Deserialize)]
struct Member {
    expires: String,
}

#[axum::debug_handler(state = Auth<Member>)]
async fn home(session: Session<Member>) -> String {
    session.0.expires
}

fn main() {}
