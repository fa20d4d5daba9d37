extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Jwt, Secret};

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .session(Jwt::default())
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .provider(GitHub::from_env()?)
        .session(Jwt::default().max_age(3600))
        .build()?;
    Ok(())
}
