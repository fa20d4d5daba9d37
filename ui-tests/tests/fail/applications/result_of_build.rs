extern crate renamed_typegate as typegate;

use axum::Router;
use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Secret};

fn app() -> Result<Router, ConfigError> {
    let auth = Auth::builder()
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .provider(GitHub::from_env()?)
        .build();
    Ok(Router::new().merge(auth.routes()))
}

fn main() {
    let _ = app;
}
