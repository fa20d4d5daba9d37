//! A profile as a closure, like NextAuth's.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider, RawProfile};

#[derive(OAuthProvider)]
#[provider(
    id = "acme",
    name = "Acme",
    authorization_endpoint = "https://acme.example/authorize",
    token_endpoint = "https://acme.example/token",
    userinfo_endpoint = "https://acme.example/me",
    profile = |user: AcmeUser| Profile::new(user.id.to_string()),
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
