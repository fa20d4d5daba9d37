//! A client that proves itself in several ways.

use renamed_typegate::provider::PrivateKey;
use renamed_typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example",
    client_authentication = "post",
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
    private_key: PrivateKey,
}

fn main() {}
