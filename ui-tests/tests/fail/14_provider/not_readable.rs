//! A comma is missing: nothing more is said, because nobody knows what is there.

use renamed_typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    issuer ="https://id.acme.example" scope = "openid",
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
