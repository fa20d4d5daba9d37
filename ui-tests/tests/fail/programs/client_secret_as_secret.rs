extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::{Auth, ClientSecret, ConfigError, SiteUrl};

fn configure(secret: String) -> Result<Auth, ConfigError> {
    Auth::builder()
        .secret(ClientSecret::new(secret))
        .url(SiteUrl::from_env()?)
        .provider(GitHub::from_env()?)
        .build()
}

fn main() {}
