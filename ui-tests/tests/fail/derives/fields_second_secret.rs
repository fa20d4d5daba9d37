//! A second secret.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(id = "acme", name = "Acme", issuer = "https://id.acme.example")]
#[provider(token_endpoint(form(api_key = "{api_key}")))]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
    api_key: ClientSecret,
}

fn main() {}
