//! An issuer, and endpoints that leave nothing to be discovered but the keys.

use renamed_typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example",
    authorization_endpoint = "https://acme.example/authorize",
    token_endpoint = "https://acme.example/token",
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
