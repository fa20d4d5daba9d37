//! NextAuth's names for what is discovered.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    id = "acme",
    name = "Acme",
    wellKnown = "https://id.acme.example/.well-known/openid-configuration",
    jwks_endpoint = "https://id.acme.example/keys",
    clientId = "acme-app",
    clientSecret = "s3cr3t",
    allowDangerousEmailAccountLinking = true,
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
