extern crate renamed_typegate as typegate;

use typegate::Auth;
use typegate::guard::Guard;

fn app(auth: Auth) -> axum::Router {
    axum::Router::new().merge(auth.routes()).layer(Guard::new(auth).build())
}

fn main() {}
