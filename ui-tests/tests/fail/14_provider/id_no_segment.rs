//! An id that is no segment of an address, and an empty name.

use renamed_typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme/login",
    name = "",
    issuer = "https://id.acme.example",
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
