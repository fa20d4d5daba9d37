extern crate renamed_typegate as typegate;

use typegate::builder::AuthBuilder;
use typegate::provider::catalog::GitHub;
use typegate::slot::Told;
use typegate::{Auth, ConfigError, Secret, SiteUrl};

fn base() -> Result<AuthBuilder<impl Told>, ConfigError> {
    Ok(Auth::builder().secret(Secret::from_env()?).url(SiteUrl::from_env()?))
}

fn main() -> Result<(), ConfigError> {
    base()?.provider(GitHub::from_env()?).build()?;
    Ok(())
}
