extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Secret, SiteUrl};

fn configure() -> Result<Auth, ConfigError> {
    let builder = Auth::builder();
    builder.secret(Secret::from_env()?);
    builder.url(SiteUrl::from_env()?);
    builder.provider(GitHub::from_env()?);
    builder.build()
}

fn main() {}
