//! Checks, methods and algorithms that do not exist.

use renamed_typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example",
    checks(pkce, csrf),
    client_authentication = "Basic",
    id_token_algorithm = "none",
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
