extern crate renamed_typegate as typegate;

use axum::routing::get;
use typegate::{Auth, Session};

async fn home(session: Session) -> String {
    session.0.expires
}

fn app(auth: Auth) -> axum::Router {
    axum::Router::new().route("/", get(home)).merge(auth.routes())
}

fn main() {}
