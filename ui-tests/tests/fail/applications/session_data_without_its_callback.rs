extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Secret, SiteUrl};

#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct AppSession {
    user_id: String,
}

fn auth() -> Result<Auth<AppSession>, ConfigError> {
    Auth::builder()
        .secret(Secret::from_env()?)
        .url(SiteUrl::from_env()?)
        .provider(GitHub::from_env()?)
        .build()
}

fn main() {}
