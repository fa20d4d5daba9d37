extern crate renamed_typegate as typegate;

use typegate::Auth;

fn app(auth: Auth) -> axum::Router {
    axum::Router::new().fallback_service(auth)
}

fn main() {}
