//! A struct without the client, and its use.

extern crate renamed_typegate as typegate;

use typegate::{Auth, ClientSecret, ConfigError, OAuthProvider, Secret};

#[derive(OAuthProvider)]
#[provider(id = "acme", name = "Acme", issuer = "https://id.acme.example")]
struct Acme(String, ClientSecret);

fn auth() -> Result<Auth, ConfigError> {
    Auth::builder()
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .provider(Acme::new("id", ClientSecret::new("secret")))
        .build()
}

fn main() {
    drop(auth());
}
