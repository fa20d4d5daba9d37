//! A placeholder of a router.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    id = "acme",
    name = "Acme",
    issuer = "https://login.acme.example/:tenant/v2.0",
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
