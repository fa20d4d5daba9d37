//! Two protocols in one struct.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuth1Provider, OAuthProvider};

#[derive(OAuthProvider, OAuth1Provider)]
#[provider(id = "acme", name = "Acme", issuer = "https://id.acme.example")]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
