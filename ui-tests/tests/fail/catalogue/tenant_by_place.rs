//! `new` where two texts could be swapped.

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
    let _ = Acme::new("id", ClientSecret::new("secret"), "https://id.acme.example");
}
