//! Texts without names.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider("acme", "Acme", "https://id.acme.example")]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
