extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(crate = renamed_typegate, id = "acme", name = "Acme", issuer = "https://{tenant}.acme.example")]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
    tenant: String,
}

fn main() {
    let _ = Acme::builder()
        .client_id("client id")
        .client_id("client id")
        .client_secret("client secret")
        .tenant("acme")
        .tenant("other")
        .build();
}
