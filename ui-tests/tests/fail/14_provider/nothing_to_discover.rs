//! A discovery document from which nothing is taken.

use renamed_typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example",
    authorization_endpoint = "https://acme.example/authorize",
    token_endpoint = "https://acme.example/token",
    jwks_uri = "https://acme.example/keys",
    discovery_document = "https://acme.example/openid",
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
