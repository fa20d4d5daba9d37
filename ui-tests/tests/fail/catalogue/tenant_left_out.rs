//! A builder that lacks its tenant, where a provider is given.

extern crate renamed_typegate as typegate;

use typegate::{Auth, ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(crate = typegate, id = "acme", name = "Acme", issuer = "{issuer}")]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
    issuer: String,
}

fn main() {
    let _ = Auth::builder().provider(Acme::builder().client_id("id").client_secret("secret"));
}
