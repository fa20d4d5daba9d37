//! What belongs to OpenID Connect, on plain OAuth 2.0.

use renamed_typegate::{ClientSecret, OAuthProvider, RawProfile};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    authorization_endpoint = "https://acme.example/authorize",
    token_endpoint = "https://acme.example/token",
    userinfo_endpoint = "https://acme.example/me",
    profile = AcmeUser,
    jwks_uri = "https://acme.example/keys",
    discovery_document = "https://acme.example/openid",
    id_token_algorithm = "ES256",
    checks(state, nonce),
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
