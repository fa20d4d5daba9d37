extern crate renamed_typegate as typegate;

use typegate::Auth;
use typegate::guard::Guard;

fn app(auth: Auth) -> axum::Router {
    let routes = axum::Router::new().merge(auth.routes()).with_state(auth.clone());
    let guard = Guard::new(auth).public("/");
    guard.around(routes)
}

fn main() {}
