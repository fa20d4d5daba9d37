extern crate renamed_typegate as typegate;

use typegate::{Auth, Session};

#[derive(Clone)]
struct App {
    auth: Auth,
}

#[axum::debug_handler(state = App)]
async fn home(session: Session) -> String {
    session.0.expires
}

fn main() {}
