extern crate renamed_typegate as typegate;

use typegate::{ConfigError, Database, SigningKey};

fn main() -> Result<(), ConfigError> {
    let key = SigningKey::from_jwk("{}")?;
    let _strategy = Database::default().signed(key);
    Ok(())
}
