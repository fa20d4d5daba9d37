extern crate renamed_typegate as typegate;

use typegate::provider::Adjust as _;
use typegate::{Auth, ClientSecret, ConfigError, OAuthProvider, RawProfile, Secret};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    authorization_endpoint = "https://acme.example/authorize",
    token_endpoint = "https://acme.example/token",
    userinfo_endpoint = "https://acme.example/me",
    profile = Person
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
#[profile(crate = renamed_typegate)]
struct Person {
    #[profile(id)]
    id: String,
    #[profile(email)]
    email: Option<String>,
}

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .provider(Acme::from_env()?.dangerously_link_by_email())
        .build()?;
    Ok(())
}
