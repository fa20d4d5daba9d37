//! Headers and a path that cannot be.

use renamed_typegate::{ClientSecret, OAuthProvider, RawProfile};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    authorization_endpoint = "https://acme.example/authorize",
    token_endpoint = "https://acme.example/token",
    userinfo_endpoint(url = "https://acme.example/me", headers("X Version" = "2", "X-Key" = "a\nb"), select = "data..user"),
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
