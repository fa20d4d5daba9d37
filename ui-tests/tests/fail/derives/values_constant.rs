//! The value of a constant.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    id = "acme",
    name = "Acme",
    issuer = ISSUER,
    scope = concat!("openid ", "email"),
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
