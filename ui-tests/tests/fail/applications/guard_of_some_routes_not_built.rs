extern crate renamed_typegate as typegate;

use axum::routing::get;
use typegate::Auth;
use typegate::guard::Guard;

fn app(auth: Auth) -> axum::Router {
    axum::Router::new()
        .route("/admin", get(async || "for Ada"))
        .route_layer(Guard::new(auth.clone()))
        .merge(auth.routes())
}

fn main() {}
