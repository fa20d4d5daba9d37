extern crate renamed_typegate as typegate;

use typegate::provider::Provider;
use typegate::{Auth, ConfigError, Secret, SiteUrl};

fn only<P: Provider>(provider: P) -> Result<Auth, ConfigError> {
    Auth::builder()
        .secret(Secret::from_env()?)
        .url(SiteUrl::from_env()?)
        .provider(provider)
        .build()
}

fn main() {}
