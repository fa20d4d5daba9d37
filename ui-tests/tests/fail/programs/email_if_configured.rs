extern crate renamed_typegate as typegate;

use typegate::adapter::MemoryAdapter;
use typegate::provider::Email;
use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Secret, SiteUrl};

fn configure() -> Result<Auth, ConfigError> {
    let mut builder = Auth::builder()
        .secret(Secret::from_env()?)
        .url(SiteUrl::from_env()?)
        .adapter(MemoryAdapter::new())
        .provider(GitHub::from_env()?);
    if let Ok(server) = std::env::var("EMAIL_SERVER") {
        let sender = "Acme <no-reply@acme.example>".parse()?;
        builder = builder.provider(Email::smtp(server.parse()?).from(sender));
    }
    builder.build()
}

fn main() {}
