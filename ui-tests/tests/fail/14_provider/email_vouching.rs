extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example",
    email_vouching = "allways"
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {
    let _ = Acme::new("id", "secret".into());
}
