//! The secret of the site in the place of the client's.

extern crate renamed_typegate as typegate;

use typegate::OAuthProvider;

#[derive(OAuthProvider)]
#[provider(id = "acme", name = "Acme", issuer = "https://id.acme.example")]
struct Acme {
    client_id: String,
    client_secret: typegate::Secret,
}

fn main() {}
