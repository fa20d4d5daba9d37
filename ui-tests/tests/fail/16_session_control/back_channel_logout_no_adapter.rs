extern crate renamed_typegate as typegate;

use typegate::provider::Oidc;
use typegate::{Auth, ConfigError, Database, Secret};

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .provider(Oidc::new("acme", "Acme", "https://id.acme.example", "client", "s3cr3t"))
        .session(Database::default())
        .back_channel_logout()
        .build()?;
    Ok(())
}
