extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::rate_limit::Allowances;
use typegate::{Auth, ConfigError, Secret};

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .rate_limit(Allowances::default())
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .provider(GitHub::from_env()?)
        .rate_limit(Allowances::default().per_client(10))
        .build()?;
    Ok(())
}
