extern crate renamed_typegate as typegate;

use typegate::cookie::Cookies;
use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Secret};

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .cookies(Cookies::new())
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .provider(GitHub::from_env()?)
        .cookies(Cookies::new().use_secure_cookies(true))
        .build()?;
    Ok(())
}
