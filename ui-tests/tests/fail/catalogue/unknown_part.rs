//! A part that the provider does not have.

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
    let _ = Acme::builder().client_id("id").client_secret("secret").domain("acme.example").build();
}
