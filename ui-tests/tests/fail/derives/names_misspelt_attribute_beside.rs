//! Some settings in the attribute, others in one by another name.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(id = "acme", name = "Acme", issuer = "https://id.acme.example")]
#[oauth(email_vouching = "never")]
struct Acme {
    client_id: String,
    #[providers(default = "secret")]
    client_secret: ClientSecret,
}

fn main() {}
