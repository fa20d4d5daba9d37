//! An issuer without TLS.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    id = "acme",
    name = "Acme",
    issuer = "http://keycloak:8080/realms/acme",
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
