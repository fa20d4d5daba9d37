extern crate renamed_typegate as typegate;

use typegate::adapter::SqliteAdapter;
use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Secret};

fn configure(adapter: &SqliteAdapter) -> Result<Auth, ConfigError> {
    Auth::builder()
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .provider(GitHub::from_env()?)
        .adapter(adapter)
        .build()
}

fn main() {
    let _ = configure;
}
