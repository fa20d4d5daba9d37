extern crate renamed_typegate as typegate;

use axum::http::HeaderMap;
use axum::routing::get;
use typegate::Auth;

fn app(auth: Auth) -> axum::Router {
    let whoami = move |headers: HeaderMap| async move {
        let session = auth.session(&headers).await;
        session.ok().flatten().map(|session| session.expires).unwrap_or_default()
    };
    axum::Router::new().route("/whoami", get(whoami)).merge(auth.routes())
}

fn main() {}
