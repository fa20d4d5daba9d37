//! The address of a discovery document as the issuer.

use renamed_typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example/.well-known/openid-configuration",
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
