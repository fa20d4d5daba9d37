//! Fields in NextAuth's spelling.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(id = "acme", name = "Acme", issuer = "https://id.acme.example")]
#[allow(non_snake_case)]
struct Acme {
    clientId: String,
    clientSecret: ClientSecret,
}

fn main() {}
