extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::provider::{OAuthClient, Oidc, Provider};
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
    let providers: Vec<Box<dyn Provider>> =
        vec![Box::new(GitHub::from_env()?), Box::new(acme())];
    let mut builder = Auth::builder().secret(Secret::from_env()?).url(SiteUrl::from_env()?);
    for provider in providers {
        builder = builder.provider(provider);
    }
    builder.build()
}

fn main() {}
