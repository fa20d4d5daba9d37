extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::provider::{OAuthClient, Oidc};
use typegate::{Auth, ConfigError, Secret, SiteUrl};

fn acme() -> Oidc {
    Oidc::builder()
        .id("acme")
        .name("Acme")
        .issuer("https://id.acme.example")
        .client(OAuthClient::new("id", "s3cr3t".into()))
        .build()
}

fn configure() -> Result<Auth, ConfigError> {
    Auth::builder()
        .secret(Secret::from_env()?)
        .url(SiteUrl::from_env()?)
        .providers([GitHub::from_env()?, acme()])
        .build()
}

fn main() {}
