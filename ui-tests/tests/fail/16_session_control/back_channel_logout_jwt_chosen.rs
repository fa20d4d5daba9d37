extern crate renamed_typegate as typegate;

use typegate::adapter::MemoryAdapter;
use typegate::provider::Oidc;
use typegate::{Auth, ConfigError, Jwt, Secret};

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .provider(Oidc::new("acme", "Acme", "https://id.acme.example", "client", "s3cr3t"))
        .back_channel_logout()
        .adapter(MemoryAdapter::new())
        .session(Jwt::default())
        .build()?;
    Ok(())
}
