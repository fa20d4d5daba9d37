extern crate renamed_typegate as typegate;

use typegate::adapter::SqliteAdapter;
use typegate::provider::catalog::GitHub;
use typegate::{Auth, Secret, SiteUrl};

async fn configure(production: bool) -> Result<Auth, Box<dyn std::error::Error>> {
    let builder = Auth::builder()
        .secret(Secret::from_env()?)
        .url(SiteUrl::from_env()?)
        .provider(GitHub::from_env()?);
    let builder = if production {
        builder.adapter(SqliteAdapter::connect("sqlite://auth.db").await?)
    } else {
        builder
    };
    Ok(builder.build()?)
}

fn main() {}
