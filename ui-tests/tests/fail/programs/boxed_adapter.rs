extern crate renamed_typegate as typegate;

use typegate::adapter::{MemoryAdapter, UserStore};
use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Secret, SiteUrl};

fn configure() -> Result<Auth, ConfigError> {
    let adapter: Box<dyn UserStore> = Box::new(MemoryAdapter::new());
    Auth::builder()
        .secret(Secret::from_env()?)
        .url(SiteUrl::from_env()?)
        .adapter(adapter)
        .provider(GitHub::from_env()?)
        .build()
}

fn main() {}
