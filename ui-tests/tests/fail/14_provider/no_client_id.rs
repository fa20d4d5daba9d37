//! No field for the client id, and one that nothing uses.

use renamed_typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example",
)]
struct Acme {
    key: String,
    client_secret: ClientSecret,
}

fn main() {}
