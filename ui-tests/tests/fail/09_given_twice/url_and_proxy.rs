extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Secret, TrustedProxy};

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .url("https://app.example.com".parse()?)
        .secret(Secret::from_env()?)
        .provider(GitHub::from_env()?)
        .trust_proxy(TrustedProxy::hosts(["app.example.com"]))
        .build()?;
    Ok(())
}
