extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Secret};

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .url("https://app.example.com")
        .secret(Secret::from_env()?)
        .provider(GitHub::from_env()?)
        .build()?;
    Ok(())
}
