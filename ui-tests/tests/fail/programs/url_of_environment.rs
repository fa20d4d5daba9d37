extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::{Auth, Secret};

fn configure() -> Result<Auth, Box<dyn std::error::Error>> {
    Ok(Auth::builder()
        .secret(Secret::from_env()?)
        .url(std::env::var("SITE")?)
        .provider(GitHub::from_env()?)
        .build()?)
}

fn main() {}
