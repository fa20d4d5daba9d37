extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::testing::IdentityProvider;
use typegate::{Auth, ConfigError, Secret};

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .http_client(IdentityProvider::new())
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .provider(GitHub::from_env()?)
        .http_client(IdentityProvider::new())
        .build()?;
    Ok(())
}
