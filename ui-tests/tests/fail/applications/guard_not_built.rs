extern crate renamed_typegate as typegate;

use typegate::Auth;
use typegate::guard::Guard;

fn app(auth: Auth) -> axum::Router {
    let guard = Guard::new(auth.clone()).public("/").public_below("/assets");
    axum::Router::new().merge(auth.routes()).layer(guard)
}

fn main() {}
