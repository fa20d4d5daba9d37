extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::provider::{OAuthClient, Oidc};
use typegate::{Auth, ConfigError, Secret, SiteUrl};

fn acme() -> Option<Oidc> {
    let client = OAuthClient::new(std::env::var("ACME_ID").ok()?, "s3cr3t".into());
    let acme = Oidc::builder().id("acme").name("Acme").issuer("https://id.acme.example");
    Some(acme.client(client).build())
}

fn configure() -> Result<Auth, ConfigError> {
    Auth::builder()
        .secret(Secret::from_env()?)
        .url(SiteUrl::from_env()?)
        .provider(GitHub::from_env()?)
        .provider(acme())
        .build()
}

fn main() {}
