//! What is not wanted is written with false.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example",
    userinfo_endpoint(fetch = false),
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
