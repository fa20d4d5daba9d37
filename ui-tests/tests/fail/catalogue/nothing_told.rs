//! A builder that nobody told anything.

extern crate renamed_typegate as typegate;

use typegate::{Auth, ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(crate = typegate, id = "acme", name = "Acme", issuer = "{issuer}")]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
    issuer: String,
}

fn main() {
    let _ = Auth::builder().provider(Acme::builder());
}
