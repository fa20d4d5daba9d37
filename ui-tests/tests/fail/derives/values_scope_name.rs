//! A scope without quotes.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example",
    scope = openid,
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
