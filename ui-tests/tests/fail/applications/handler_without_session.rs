extern crate renamed_typegate as typegate;

use axum::routing::get;
use typegate::{Auth, User};

async fn home(user: User) -> String {
    user.name.unwrap_or_default()
}

fn app(auth: Auth) -> axum::Router {
    axum::Router::new().route("/", get(home)).merge(auth.routes()).with_state(auth)
}

fn main() {}
