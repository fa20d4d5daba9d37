//! An option after the provider was built, without the trait whose methods change providers.

extern crate renamed_typegate as typegate;

use typegate::ClientSecret;
use typegate::provider::{OAuthClient, Oidc};

fn main() {
    let _ = Oidc::builder()
        .id("acme")
        .name("Acme")
        .issuer("https://id.acme.example")
        .client(OAuthClient::new("client id", ClientSecret::new("client secret")))
        .build()
        .scope("openid email");
}
