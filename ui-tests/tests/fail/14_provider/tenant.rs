//! An issuer for many tenants that does not say which.

use renamed_typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    issuer = "https://login.acme.example/{tenantid}",
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
