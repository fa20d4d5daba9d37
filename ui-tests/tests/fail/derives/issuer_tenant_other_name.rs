//! A field, and a placeholder that is not quite it.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(id = "acme", name = "Acme", issuer = "https://id.acme.example")]
#[provider(jwks_uri = "https://login.acme.example/{tenant_id}/keys")]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
    tenant: String,
}

fn main() {}
