//! Two things about one issuer.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    id = "acme",
    name = "Acme",
    issuer = "http://login.acme.example/{tenantid}/v2.0",
    tenant_claim = "tid",
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
