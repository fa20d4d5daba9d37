extern crate renamed_typegate as typegate;

use typegate::provider::{OAuthClient, Oidc};
use typegate::{Auth, ConfigError, Secret};

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .provider(Oidc::builder().id("acme").name("Acme").issuer("https://id.acme.example").client(OAuthClient::new("client", "s3cr3t".into())).build())
        .back_channel_logout()
        .build()?;
    Ok(())
}
