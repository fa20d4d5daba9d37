extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::testing::FrozenClock;
use typegate::{Auth, ConfigError, Diagnostics, Secret, Theme};

/// What is told in between does not make the first call forgotten.
fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .provider(GitHub::from_env()?)
        .clock(FrozenClock::at(0))
        .theme(Theme::new())
        .diagnostics(Diagnostics::new())
        .clock(FrozenClock::at(60))
        .build()?;
    Ok(())
}
