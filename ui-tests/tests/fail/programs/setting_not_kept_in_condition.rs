extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Secret, SiteUrl, Theme};

fn configure(branded: bool) -> Result<Auth, ConfigError> {
    let builder = Auth::builder()
        .secret(Secret::from_env()?)
        .url(SiteUrl::from_env()?)
        .provider(GitHub::from_env()?);
    if branded {
        builder.theme(Theme::new());
    }
    builder.build()
}

fn main() {}
