extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::{ClientSecret, ConfigError};

fn github(id: String, secret: ClientSecret) -> Result<GitHub, ConfigError> {
    Ok(GitHub::new(secret, id))
}

fn main() {}
