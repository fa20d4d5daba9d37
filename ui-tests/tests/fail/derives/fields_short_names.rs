//! Fields by shorter names.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(id = "acme", name = "Acme", issuer = "https://id.acme.example")]
struct Acme {
    id: String,
    secret: ClientSecret,
}

fn main() {}
