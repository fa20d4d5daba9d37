extern crate renamed_typegate as typegate;

use typegate::provider::OAuthDefinition;
use typegate::{Auth, ConfigError, Secret, SiteUrl};

fn configure(providers: Vec<OAuthDefinition>) -> Result<Auth, ConfigError> {
    let builder = Auth::builder().secret(Secret::from_env()?).url(SiteUrl::from_env()?);
    providers.into_iter().fold(builder, |builder, provider| builder.provider(provider)).build()
}

fn main() {}
