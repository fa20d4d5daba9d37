//! The same scope token twice.

use renamed_typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example",
    scope = "openid email openid",
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
