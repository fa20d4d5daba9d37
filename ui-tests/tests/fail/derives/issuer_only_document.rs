//! The document without an issuer.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    id = "acme",
    name = "Acme",
    discovery_document = "https://id.acme.example/.well-known/openid-configuration",
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
