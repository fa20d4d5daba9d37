//! The attribute alone.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
