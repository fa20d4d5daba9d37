//! A default that is no text.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(id = "acme", name = "Acme", issuer = "https://id.acme.example")]
#[provider(jwks_uri = "https://id.acme.example:{port}/keys")]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
    #[provider(default = 8443)]
    port: String,
}

fn main() {}
