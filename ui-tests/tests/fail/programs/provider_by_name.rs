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

fn configure(name: &str) -> Result<Auth, ConfigError> {
    let provider = match name {
        "github" => GitHub::from_env()?,
        _ => acme(),
    };
    Auth::builder()
        .secret(Secret::from_env()?)
        .url(SiteUrl::from_env()?)
        .provider(provider)
        .build()
}

fn main() {}
