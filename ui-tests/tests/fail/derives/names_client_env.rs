//! The client of a provider belongs to its fields.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example",
    client_id_env = "ACME_ID",
    client_secret_env = "ACME_SECRET",
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
