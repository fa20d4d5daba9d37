//! Values of another kind.

use renamed_typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = 7,
    name("Acme"),
    issuer = "https://id.acme.example",
    checks = "state",
    profile = "AcmeUser",
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
