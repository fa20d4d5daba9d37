extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::testing::FrozenClock;
use typegate::{Auth, ConfigError, Secret};

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .clock(FrozenClock::at(0))
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .provider(GitHub::from_env()?)
        .clock(FrozenClock::at(60))
        .build()?;
    Ok(())
}
