extern crate renamed_typegate as typegate;

use typegate::hooks::Callbacks;
use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Secret};

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .callbacks(Callbacks::new())
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .provider(GitHub::from_env()?)
        .callbacks(Callbacks::new())
        .build()?;
    Ok(())
}
