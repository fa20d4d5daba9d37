extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Secret, TrustedProxy};

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .secret(Secret::from_env()?)
        .trust_proxy(TrustedProxy::hosts(["app.example.com"]))
        .provider(GitHub::from_env()?)
        .build()?;
    Ok(())
}
