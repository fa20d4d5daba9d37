extern crate renamed_typegate as typegate;

use typegate::builder::AuthBuilder;
use typegate::slot::Told;
use typegate::{Auth, ConfigError};

fn finish<T: Told>(builder: AuthBuilder<T>) -> Result<Auth, ConfigError> {
    builder.build()
}

fn main() {}
