//! The client of a provider in parts.

extern crate renamed_typegate as typegate;

use typegate::provider::Oidc;

fn main() {
    let _ = Oidc::builder()
        .id("acme")
        .name("Acme")
        .issuer("https://id.acme.example")
        .client_id("id")
        .build();
}
