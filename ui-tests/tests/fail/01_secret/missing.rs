extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError};

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .url("https://app.example.com".parse()?)
        .provider(GitHub::from_env()?)
        .build()?;
    Ok(())
}
