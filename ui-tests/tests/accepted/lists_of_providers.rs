//! Providers whose number is known at run time, in a configuration that types check.

extern crate renamed_typegate as typegate;

use typegate::adapter::MemoryAdapter;
use typegate::provider::catalog::GitHub;
use typegate::provider::{Email, OAuthClient, OAuthDefinition, OAuthKind, Oidc, Provider};
use typegate::{Auth, ConfigError, Secret};

fn tenant(id: &str) -> Oidc {
    Oidc::builder()
        .id(id)
        .name(id)
        .issuer("https://id.example")
        .client(OAuthClient::new("client", "s3cr3t".into()))
        .build()
}

fn ours() -> impl Provider<Kind = OAuthKind> {
    GitHub::new("client id", "client secret".into())
}

fn by_name(name: &str) -> OAuthDefinition {
    match name {
        "github" => ours().into_definition(),
        _ => tenant(name).into_definition(),
    }
}

fn configure<P: Provider<Kind = OAuthKind>>(
    first: P,
    names: &[&str],
    email: Option<Email>,
) -> Result<Auth, ConfigError> {
    Auth::builder()
        .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
        .url("https://app.example.com".parse()?)
        .adapter(MemoryAdapter::new())
        .provider(first)
        .providers(names.iter().map(|name| by_name(name)))
        .providers(email)
        .build()
}

#[test]
fn providers_come_in_lists() -> Result<(), ConfigError> {
    configure(tenant("acme"), &["umbrella", "github"], None)?;
    configure(tenant("acme"), &[], Some(Email::new(|_message| async { Ok(()) })))?;
    let none = Auth::builder()
        .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
        .url("https://app.example.com".parse()?)
        .providers(None::<GitHub>)
        .build();
    assert!(none.unwrap_err().to_string().contains("no provider"));
    Ok(())
}
