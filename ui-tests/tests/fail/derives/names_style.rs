//! The look of the button in other words.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example",
    style(bg = "#fff", color = "#000", icon = "/acme.svg", bgDark = "#000"),
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
