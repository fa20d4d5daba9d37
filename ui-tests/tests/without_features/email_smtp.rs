extern crate renamed_typegate as typegate;

use typegate::ConfigError;
use typegate::provider::Email;

fn main() -> Result<(), ConfigError> {
    let _provider = Email::smtp("smtps://user:password@smtp.example.com".parse()?)
        .from("Acme <no-reply@acme.example>".parse()?)
        .max_age(900);
    Ok(())
}
