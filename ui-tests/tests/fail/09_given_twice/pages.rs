extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Pages, Secret};

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .pages(Pages::new().sign_in("/login"))
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .provider(GitHub::from_env()?)
        .pages(Pages::new().error("/oops"))
        .build()?;
    Ok(())
}
