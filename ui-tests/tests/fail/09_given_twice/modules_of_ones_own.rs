extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Secret, Theme};

/// What the application calls its own modules has no place in the message.
mod theme {}

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .provider(GitHub::from_env()?)
        .theme(Theme::new())
        .theme(Theme::new())
        .build()?;
    Ok(())
}
