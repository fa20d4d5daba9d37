//! No protection at all.

use renamed_typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example",
    checks(),
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
