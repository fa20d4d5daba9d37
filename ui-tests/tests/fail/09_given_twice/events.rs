extern crate renamed_typegate as typegate;

use typegate::hooks::Events;
use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Secret};

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .events(Events::new())
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .provider(GitHub::from_env()?)
        .events(Events::new())
        .build()?;
    Ok(())
}
