//! A part after the provider was built.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(crate = typegate, id = "acme", name = "Acme", issuer = "{issuer}")]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
    issuer: String,
}

fn main() {
    let _ = Acme::builder()
        .client_id("id")
        .issuer("https://id.acme.example")
        .client_secret("secret")
        .build()
        .issuer("https://other.acme.example");
}
