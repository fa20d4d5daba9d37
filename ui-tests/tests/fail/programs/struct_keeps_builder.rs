extern crate renamed_typegate as typegate;

use typegate::builder::AuthBuilder;
use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError};

struct Setup {
    builder: AuthBuilder,
}

impl Setup {
    fn github(mut self) -> Result<Self, ConfigError> {
        self.builder = self.builder.provider(GitHub::from_env()?);
        Ok(self)
    }
}

fn main() -> Result<(), ConfigError> {
    Setup { builder: Auth::builder() }.github()?;
    Ok(())
}
