extern crate renamed_typegate as typegate;

use typegate::{ConfigError, Secret};

fn main() -> Result<(), ConfigError> {
    let secret = Secret::from_env()?;
    println!("{secret}");
    Ok(())
}
