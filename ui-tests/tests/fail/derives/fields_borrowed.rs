//! Texts that are borrowed.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(id = "acme", name = "Acme", issuer = "https://id.acme.example")]
struct Acme<'a> {
    client_id: &'a str,
    client_secret: ClientSecret,
}

fn main() {}
