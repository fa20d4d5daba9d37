//! A style as a text.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example",
    style = "background: #fff",
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
