//! Something else where a path belongs.

use renamed_typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    authorization_endpoint = "https://acme.example/authorize",
    token_endpoint = "https://acme.example/token",
    userinfo_endpoint(url = "https://acme.example/me", hook = fn(String) -> String),
    checks(pkce, state),
    profile = (String, String),
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate::provider<Acme>,
    id = "other",
    name = "Other",
    issuer = "https://id.other.example",
)]
struct Other {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
