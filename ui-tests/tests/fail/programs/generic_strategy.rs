extern crate renamed_typegate as typegate;

use typegate::adapter::MemoryAdapter;
use typegate::builder::SessionStrategy;
use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Secret, SiteUrl};

fn configure<S: SessionStrategy>(strategy: S) -> Result<Auth, ConfigError> {
    Auth::builder()
        .secret(Secret::from_env()?)
        .url(SiteUrl::from_env()?)
        .adapter(MemoryAdapter::new())
        .provider(GitHub::from_env()?)
        .session(strategy)
        .build()
}

fn main() {}
