//! A profile with a mistake, and a provider that uses it.

extern crate renamed_typegate as typegate;

use typegate::provider::Provider as _;
use typegate::{ClientSecret, OAuthProvider, RawProfile};

#[derive(OAuthProvider)]
#[provider(id = "acme", name = "Acme", issuer = "https://id.acme.example", profile = AcmeUser)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct AcmeUser {
    #[profile(id, path = 7)]
    sub: String,
}

fn main() {
    let acme = Acme::new("id", ClientSecret::new("secret"));
    let _ = acme.into_definition();
}
