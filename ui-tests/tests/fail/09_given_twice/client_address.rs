extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::{Auth, ClientAddressSource, ConfigError, Secret};

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .client_address(ClientAddressSource::connection())
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .provider(GitHub::from_env()?)
        .client_address(ClientAddressSource::forwarded_for(1))
        .build()?;
    Ok(())
}
