//! The crate under another name, without an alias.

use renamed_typegate::provider::catalog::GitHub;
use renamed_typegate::{Auth, ConfigError, Secret};

#[test]
fn the_crate_may_have_another_name() -> Result<(), ConfigError> {
    let auth = Auth::builder()
        .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
        .url("https://app.example.com".parse()?)
        .provider(GitHub::new("client id", "client secret".into()))
        .build()?;
    assert_eq!(auth.base_path(), "/api/auth");
    Ok(())
}
