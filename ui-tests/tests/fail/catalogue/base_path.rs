extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Secret};

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .base_path("/auth")
        .provider(GitHub::from_env()?)
        .build()?;
    Ok(())
}
