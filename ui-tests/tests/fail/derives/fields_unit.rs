//! A struct without fields.

extern crate renamed_typegate as typegate;

use typegate::OAuthProvider;

#[derive(OAuthProvider)]
#[provider(id = "acme", name = "Acme", issuer = "https://id.acme.example")]
struct Acme;

fn main() {}
