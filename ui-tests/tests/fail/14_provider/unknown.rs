//! Attributes that do not exist.

use renamed_typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example",
    scopes = "openid",
    client_auth = "post",
    userinfo_endpoint(fetch, method = "POST"),
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
