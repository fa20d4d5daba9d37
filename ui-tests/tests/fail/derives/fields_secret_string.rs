//! A secret that would be printed.

extern crate renamed_typegate as typegate;

use typegate::OAuthProvider;

#[derive(OAuthProvider)]
#[provider(id = "acme", name = "Acme", issuer = "https://id.acme.example")]
#[derive(Debug)]
struct Acme {
    client_id: String,
    client_secret: String,
}

fn main() {}
