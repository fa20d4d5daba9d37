extern crate renamed_typegate as typegate;

use typegate::provider::Email;
use typegate::{Auth, ConfigError, Secret};

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .provider(Email::new(|_message| async { Ok(()) }))
        .build()?;
    Ok(())
}
