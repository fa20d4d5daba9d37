//! The derive was not imported.

extern crate renamed_typegate as typegate;

use typegate::ClientSecret;

#[derive(OAuthProvider)]
#[provider(id = "acme", name = "Acme", issuer = "https://id.acme.example")]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
