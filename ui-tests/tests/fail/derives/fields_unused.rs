//! A field of the application's own.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(id = "acme", name = "Acme", issuer = "https://id.acme.example")]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
    pool: std::sync::Arc<Vec<u8>>,
}

fn main() {}
