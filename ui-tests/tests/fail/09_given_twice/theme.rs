extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Secret, Theme};

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .theme(Theme::new())
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .provider(GitHub::from_env()?)
        .theme(Theme::new())
        .build()?;
    Ok(())
}
