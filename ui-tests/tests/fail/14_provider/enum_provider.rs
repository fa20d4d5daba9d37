//! An enum.

use renamed_typegate::OAuthProvider;

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example",
)]
enum Acme {
    One,
}

fn main() {}
