//! A number with a unit.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example",
    clock_tolerance = 60s,
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
