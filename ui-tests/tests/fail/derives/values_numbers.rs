//! Numbers in quotes, with a point and with a sign.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example",
    clock_tolerance = "60",
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
