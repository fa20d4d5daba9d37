extern crate renamed_typegate as typegate;

use typegate::adapter::MemoryAdapter;
use typegate::provider::Email;
use typegate::{Auth, ConfigError, Secret};

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .adapter(MemoryAdapter::new())
        .provider(Email::smtp("smtps://smtp.example.com".parse()?).max_age(600))
        .build()?;
    Ok(())
}
