extern crate renamed_typegate as typegate;

use typegate::adapter::MemoryAdapter;
use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Database, Jwt, Secret, SiteUrl};

fn configure(stateless: bool) -> Result<Auth, ConfigError> {
    Auth::builder()
        .secret(Secret::from_env()?)
        .url(SiteUrl::from_env()?)
        .adapter(MemoryAdapter::new())
        .provider(GitHub::from_env()?)
        .session(if stateless { Jwt::default() } else { Database::default() })
        .build()
}

fn main() {}
