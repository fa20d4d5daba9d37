//! An adapter from elsewhere that keeps users only is enough for sessions in cookies.

extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Jwt, Secret};
use typegate_ui_tests::UsersOnly;

#[test]
fn an_adapter_of_ones_own_is_taken() -> Result<(), ConfigError> {
    let _auth = Auth::builder()
        .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
        .url("https://app.example.com".parse()?)
        .adapter(UsersOnly)
        .provider(GitHub::new("client id", "client secret".into()))
        .session(Jwt::default())
        .build()?;
    Ok(())
}
