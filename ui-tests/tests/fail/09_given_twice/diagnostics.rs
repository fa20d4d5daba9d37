extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Diagnostics, Secret};

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .diagnostics(Diagnostics::new())
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .provider(GitHub::from_env()?)
        .diagnostics(Diagnostics::new().retired_codes(false))
        .build()?;
    Ok(())
}
