extern crate renamed_typegate as typegate;

use typegate::adapter::MemoryAdapter;
use typegate::provider::catalog::GitHub;
use typegate::provider::{Email, Provider, ProviderDefinition};
use typegate::{Auth, ConfigError, Secret, SiteUrl};

fn configure() -> Result<Auth, ConfigError> {
    let providers: Vec<ProviderDefinition> = vec![
        GitHub::from_env()?.into_definition().into(),
        Email::new(|_message| async { Ok(()) }).into_definition().into(),
    ];
    Auth::builder()
        .secret(Secret::from_env()?)
        .url(SiteUrl::from_env()?)
        .adapter(MemoryAdapter::new())
        .providers(providers)
        .build()
}

fn main() {}
