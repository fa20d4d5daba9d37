//! An issuer with another scheme, a document with a blank.

use renamed_typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    issuer = "ftp://id.acme.example",
    discovery_document = "https://id.acme example/openid",
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
