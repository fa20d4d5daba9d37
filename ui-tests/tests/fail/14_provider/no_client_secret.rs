//! No field for the secret, and not said that there is none.

use renamed_typegate::OAuthProvider;

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example",
)]
struct Acme {
    client_id: String,
}

fn main() {}
