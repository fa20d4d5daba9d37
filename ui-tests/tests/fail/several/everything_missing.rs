extern crate renamed_typegate as typegate;

use typegate::{Auth, ConfigError};

fn main() -> Result<(), ConfigError> {
    Auth::builder().build()?;
    Ok(())
}
