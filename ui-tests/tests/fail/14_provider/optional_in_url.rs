//! A URL that may be missing a part.

use renamed_typegate::{ClientSecret, OAuthProvider, RawProfile};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    authorization_endpoint = "{base_url}/authorize",
    token_endpoint = "https://acme.example/token",
    userinfo_endpoint = "https://acme.example/me",
    profile = AcmeUser,
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
    base_url: Option<String>,
}

#[derive(RawProfile)]
#[profile(crate = renamed_typegate)]
struct AcmeUser {
    #[profile(id)]
    id: u64,
}

fn main() {}
