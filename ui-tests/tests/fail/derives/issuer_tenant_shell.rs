//! A variable of a shell.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    id = "acme",
    name = "Acme",
    issuer = "https://login.acme.example/${TENANT}/v2.0",
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
