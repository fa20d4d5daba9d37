//! The settings of a provider at a field.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(id = "acme", name = "Acme", issuer = "https://id.acme.example")]
struct Acme {
    #[provider(env = "ACME_ID")]
    client_id: String,
    #[provider(client_secret)]
    client_secret: ClientSecret,
}

fn main() {}
