//! An issuer with parentheses.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    id = "acme",
    name = "Acme",
    issuer(url = "https://id.acme.example"),
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
