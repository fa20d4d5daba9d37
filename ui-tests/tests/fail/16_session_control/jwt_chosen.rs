extern crate renamed_typegate as typegate;

use typegate::adapter::MemoryAdapter;
use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Jwt, Secret};

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .provider(GitHub::from_env()?)
        .adapter(MemoryAdapter::new())
        .session(Jwt::default())
        .session_control()
        .build()?;
    Ok(())
}
