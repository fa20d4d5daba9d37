//! Scopes with commas between them.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example",
    scope = "openid,profile,email",
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
