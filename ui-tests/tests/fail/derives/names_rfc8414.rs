//! The words of a metadata document.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example",
    token_endpoint_auth_method = "client_secret_post",
    id_token_signed_response_alg = "ES256",
    scopes_supported = "openid email",
    code_challenge_methods_supported = "S256",
    revocation_endpoint = "https://id.acme.example/revoke",
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
