//! A discovery document with the issuer's path behind.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example/.well-known/oauth-authorization-server/tenant1",
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
