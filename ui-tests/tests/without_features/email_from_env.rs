extern crate renamed_typegate as typegate;

use typegate::ConfigError;
use typegate::provider::Email;

fn main() -> Result<(), ConfigError> {
    let _provider = Email::from_env()?.max_age(900);
    Ok(())
}
