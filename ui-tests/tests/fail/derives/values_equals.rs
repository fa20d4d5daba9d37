//! The attribute with a value.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider = "acme"]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
