//! Texts without quotes.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    id = acme,
    name = Acme Cloud,
    issuer = "https://id.acme.example",
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
