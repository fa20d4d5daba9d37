extern crate renamed_typegate as typegate;

use typegate::provider::Credentials;
use typegate::{Auth, ConfigError, Secret};

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .provider(Credentials::default().text_field("username", "User name").password_field())
        .build()?;
    Ok(())
}
