extern crate renamed_typegate as typegate;

use typegate::builder::AuthBuilder;
use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Secret, SiteUrl};

/// What all our services share.
fn base() -> Result<AuthBuilder, ConfigError> {
    Ok(Auth::builder().secret(Secret::from_env()?).url(SiteUrl::from_env()?))
}

fn main() -> Result<(), ConfigError> {
    base()?.provider(GitHub::from_env()?).build()?;
    Ok(())
}
