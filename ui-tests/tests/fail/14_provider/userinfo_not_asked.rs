//! A userinfo endpoint that nobody asks.

use renamed_typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example",
    userinfo_endpoint = "https://acme.example/me",
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
