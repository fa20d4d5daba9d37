//! A public client without PKCE.

use renamed_typegate::OAuthProvider;

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example",
    client_authentication = "none",
    checks(state),
)]
struct Acme {
    client_id: String,
}

fn main() {}
