//! An enum of providers, and its use.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(id = "acme", name = "Acme", issuer = "https://id.acme.example")]
enum Acme {
    Test,
    Production,
}

fn main() {
    let _ = Acme::from_env();
    let _ = ClientSecret::new("x");
}
