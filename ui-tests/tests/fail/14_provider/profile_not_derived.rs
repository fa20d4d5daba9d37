//! A profile that does not say how it turns into a user.

use renamed_typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    authorization_endpoint = "https://acme.example/authorize",
    token_endpoint = "https://acme.example/token",
    userinfo_endpoint = "https://acme.example/me",
    profile = AcmeUser,
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

struct AcmeUser {
    _id: u64,
}

fn main() {}
