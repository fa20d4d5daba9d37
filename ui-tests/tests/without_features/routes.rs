extern crate renamed_typegate as typegate;

use typegate::Auth;

fn app(auth: Auth) -> axum::Router {
    axum::Router::new().merge(auth.routes()).with_state(auth)
}

fn main() {}
