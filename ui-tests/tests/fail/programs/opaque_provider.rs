extern crate renamed_typegate as typegate;

use typegate::provider::Provider;
use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Secret, SiteUrl};

fn ours() -> Result<impl Provider, ConfigError> {
    GitHub::from_env()
}

fn configure() -> Result<Auth, ConfigError> {
    Auth::builder()
        .secret(Secret::from_env()?)
        .url(SiteUrl::from_env()?)
        .provider(ours()?)
        .build()
}

fn main() {}
