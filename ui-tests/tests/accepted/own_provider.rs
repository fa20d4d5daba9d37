//! A provider of the application's own.

extern crate renamed_typegate as typegate;

use typegate::provider::{
    Endpoints, OAuthClient, OAuthDefinition, OAuthKind, ProfileMapper, Provider,
};
use typegate::{Auth, ClientSecret, ConfigError, Profile, Secret};

struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(serde::Deserialize)]
struct AcmeUser {
    sub: String,
    display_name: Option<String>,
}

impl Provider for Acme {
    type Kind = OAuthKind;

    fn into_definition(self) -> OAuthDefinition {
        OAuthDefinition::builder()
            .id("acme")
            .name("Acme")
            .client(OAuthClient::new(self.client_id, self.client_secret))
            .endpoints(Endpoints::discovered("https://id.acme.example"))
            .profile(ProfileMapper::new(|user: AcmeUser, _tokens| {
                Ok(Profile::new(user.sub).name(user.display_name))
            }))
            .build()
    }
}

#[test]
fn a_provider_of_ones_own_is_taken() -> Result<(), ConfigError> {
    let acme = Acme { client_id: "client".into(), client_secret: "s3cr3t".into() };
    let _auth = Auth::builder()
        .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
        .url("https://app.example.com".parse()?)
        .provider(acme)
        .build()?;
    Ok(())
}
