extern crate renamed_typegate as typegate;

use typegate::ConfigError;
use typegate::provider::Email;

fn links(server: &str) -> Result<Email, ConfigError> {
    let email = Email::smtp(server.parse()?).max_age(900);
    Ok(email.into())
}

fn main() {}
