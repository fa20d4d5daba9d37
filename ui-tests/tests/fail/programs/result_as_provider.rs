extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Secret, SiteUrl};

fn configure() -> Result<Auth, ConfigError> {
    Auth::builder()
        .secret(Secret::from_env()?)
        .url(SiteUrl::from_env()?)
        .provider(GitHub::from_env())
        .build()
}

fn main() {}
