extern crate renamed_typegate as typegate;

use typegate::ConfigError;
use typegate::provider::Email;

fn main() -> Result<(), ConfigError> {
    let _provider = Email::smtp().from("Acme <no-reply@acme.example>".parse()?);
    Ok(())
}
