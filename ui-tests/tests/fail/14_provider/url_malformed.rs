//! URLs that are none.

use renamed_typegate::{ClientSecret, OAuthProvider, RawProfile};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    authorization_endpoint = "acme.example/authorize",
    token_endpoint = "https:///token",
    userinfo_endpoint = "https://ada:secret@acme.example/me#top",
    profile = AcmeUser,
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
#[profile(crate = renamed_typegate)]
struct AcmeUser {
    #[profile(id)]
    id: u64,
}

fn main() {}
