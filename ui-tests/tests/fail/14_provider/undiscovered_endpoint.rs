//! A provider all of whose endpoints are declared, but for two that the sign-in asks.

use renamed_typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example",
    authorization_endpoint = "https://acme.example/authorize",
    token_endpoint = "https://acme.example/token",
    userinfo_endpoint(fetch),
    jwks_uri = "https://acme.example/keys",
    pushed_authorization = "always",
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
