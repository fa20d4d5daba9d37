//! A discovery document from which nothing is taken.

use renamed_typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example",
    authorization = "https://acme.example/authorize",
    token = "https://acme.example/token",
    jwks = "https://acme.example/keys",
    discovery = "https://acme.example/openid",
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
