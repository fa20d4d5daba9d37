extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, LogEntry, Logger, Secret};

struct Silent;

impl Logger for Silent {
    fn log(&self, _entry: &LogEntry<'_>) {}
}

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .logger(Silent)
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .provider(GitHub::from_env()?)
        .logger(Silent)
        .build()?;
    Ok(())
}
