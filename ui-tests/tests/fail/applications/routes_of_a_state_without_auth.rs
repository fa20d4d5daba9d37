extern crate renamed_typegate as typegate;

use axum::routing::get;
use typegate::{Auth, Session};

#[derive(Clone)]
struct App {
    auth: Auth,
    pages: u32,
}

async fn home(session: Session) -> String {
    session.0.expires
}

fn app(auth: Auth) -> axum::Router {
    let routes = auth.routes();
    axum::Router::new().route("/", get(home)).merge(routes).with_state(App { auth, pages: 7 })
}

fn main() {}
