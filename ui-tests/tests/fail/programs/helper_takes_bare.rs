extern crate renamed_typegate as typegate;

use typegate::builder::AuthBuilder;
use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Secret, SiteUrl};

fn with_github(builder: AuthBuilder) -> Result<AuthBuilder, ConfigError> {
    Ok(builder.provider(GitHub::from_env()?))
}

fn main() -> Result<(), ConfigError> {
    let builder = Auth::builder().secret(Secret::from_env()?).url(SiteUrl::from_env()?);
    with_github(builder)?.build()?;
    Ok(())
}
