extern crate renamed_typegate as typegate;

use typegate::provider::Credentials;
use typegate::provider::catalog::GitHub;
use typegate::{Auth, AuthorizeError, ConfigError, Secret, SiteUrl, User};

async fn anybody(name: String) -> Result<Option<User>, AuthorizeError> {
    Ok(Some(User::new(name)))
}

fn configure() -> Result<Auth, ConfigError> {
    let mut builder = Auth::builder()
        .secret(Secret::from_env()?)
        .url(SiteUrl::from_env()?)
        .provider(GitHub::from_env()?);
    if cfg!(debug_assertions) {
        builder = builder.provider(Credentials::new(anybody));
    }
    builder.build()
}

fn main() {}
