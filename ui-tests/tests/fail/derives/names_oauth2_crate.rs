//! The words of the crate `oauth2`.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider, RawProfile};

#[derive(OAuthProvider)]
#[provider(
    id = "acme",
    name = "Acme",
    auth_url = "https://acme.example/authorize",
    token_url = "https://acme.example/token",
    user_info_url = "https://acme.example/me",
    redirect_uri = "https://app.example.com/callback",
    pkce = "S256",
    auth_type = "request_body",
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
