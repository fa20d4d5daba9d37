//! A profile as a mapping of members.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider, RawProfile};

#[derive(OAuthProvider)]
#[provider(
    id = "acme",
    name = "Acme",
    authorization_endpoint = "https://acme.example/authorize",
    token_endpoint = "https://acme.example/token",
    userinfo_endpoint = "https://acme.example/me",
    profile(id = "id", name = "login"),
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
