//! An issuer for ID tokens and one for OAuth 2.0.

use renamed_typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example",
    callback_issuer = "https://acme.example",
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
