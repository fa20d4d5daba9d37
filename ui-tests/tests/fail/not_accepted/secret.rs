extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError};

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .secret("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")
        .url("https://app.example.com".parse()?)
        .provider(GitHub::from_env()?)
        .build()?;
    Ok(())
}
