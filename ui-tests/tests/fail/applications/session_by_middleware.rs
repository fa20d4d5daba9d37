extern crate renamed_typegate as typegate;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use typegate::{Auth, Session};

async fn only_ada(session: Session, request: Request, next: Next) -> Response {
    println!("{:?}", session.user.name);
    next.run(request).await
}

fn app(auth: Auth) -> Router {
    Router::new().merge(auth.routes()).layer(from_fn(only_ada))
}

fn main() {
    let _ = app;
}
