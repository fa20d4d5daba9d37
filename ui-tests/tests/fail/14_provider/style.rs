//! Colours and logos that are none.

use renamed_typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example",
    style(background = "blue", logo = "acme.svg", color = "#fff"),
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {}
