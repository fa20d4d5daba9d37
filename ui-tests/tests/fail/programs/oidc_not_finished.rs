extern crate renamed_typegate as typegate;

use typegate::provider::{OAuthClient, Oidc};
use typegate::{Auth, ConfigError, Secret, SiteUrl};

fn configure() -> Result<Auth, ConfigError> {
    let acme = Oidc::builder()
        .id("acme")
        .name("Acme")
        .issuer("https://id.acme.example")
        .client(OAuthClient::new("id", "s3cr3t".into()));
    Auth::builder()
        .secret(Secret::from_env()?)
        .url(SiteUrl::from_env()?)
        .provider(acme)
        .build()
}

fn main() {}
