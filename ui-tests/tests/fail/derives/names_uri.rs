//! Addresses that end with `uri`, as in other frameworks.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider, RawProfile};

#[derive(OAuthProvider)]
#[provider(
    id = "acme",
    name = "Acme",
    authorization_uri = "https://acme.example/authorize",
    access_token_uri = "https://acme.example/token",
    user_info_uri = "https://acme.example/me",
    jwk_set_uri = "https://acme.example/keys",
    profile = AcmeUser,
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct AcmeUser {
    #[profile(id)]
    id: u64,
}

fn main() {}
