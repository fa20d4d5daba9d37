//! An `Auth` in the place of its routes.

use renamed_typegate::provider::catalog::GitHub;
use renamed_typegate::{Auth, ConfigError, Secret, Session};

async fn home(_: Session) -> &'static str {
    "at home"
}

#[test]
fn an_auth_is_merged_as_its_routes() -> Result<(), ConfigError> {
    let auth = Auth::builder()
        .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
        .url("https://app.example.com".parse()?)
        .provider(GitHub::new("client id", "client secret".into()))
        .build()?;
    let router = axum::Router::new().route("/", axum::routing::get(home)).merge(auth.clone());
    let _router: axum::Router = router.with_state(auth);
    Ok(())
}
