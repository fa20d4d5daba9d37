extern crate renamed_typegate as typegate;

use typegate::{Auth, SessionLayer};

fn app(auth: Auth) -> axum::Router {
    axum::Router::new().merge(auth.routes()).layer(SessionLayer::new)
}

fn main() {}
