extern crate renamed_typegate as typegate;

use typegate::ClientSecret;
use typegate::provider::{OAuthClient, Oidc};

fn main() {
    let _provider = Oidc::builder()
        .id("acme")
        .name("Acme")
        .client(OAuthClient::new("client id", ClientSecret::new("client secret")))
        .build();
}
