extern crate renamed_typegate as typegate;

use typegate::provider::Email;
use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Secret, SiteUrl};

fn email() -> Option<Email> {
    std::env::var("MAIL").ok().map(|_| Email::new(|_message| async { Ok(()) }))
}

fn configure() -> Result<Auth, ConfigError> {
    Auth::builder()
        .secret(Secret::from_env()?)
        .url(SiteUrl::from_env()?)
        .provider(GitHub::from_env()?)
        .providers(email())
        .build()
}

fn main() {}
