//! A provider with a mistake, and its uses.

extern crate renamed_typegate as typegate;

use typegate::{Auth, ClientSecret, ConfigError, OAuthProvider, Secret};

#[derive(OAuthProvider)]
#[provider(id = "acme", name = "Acme", isuer = "https://id.acme.example")]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
    tenant: String,
}

fn auth() -> Result<Auth, ConfigError> {
    let acme = Acme::builder().client_id("id").client_secret("secret").tenant("t").build();
    Auth::builder()
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .provider(acme)
        .build()
}

fn main() {
    drop(auth());
}
