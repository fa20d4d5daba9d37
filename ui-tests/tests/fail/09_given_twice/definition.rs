extern crate renamed_typegate as typegate;

use typegate::provider::{Endpoints, OAuthClient, OAuthDefinition, ProfileMapper, StandardClaims};

fn main() {
    let _ = OAuthDefinition::builder()
        .id("acme")
        .id("acme2")
        .name("Acme")
        .name("Acme")
        .client(OAuthClient::public("client"))
        .client(OAuthClient::new("client", "s3cr3t".into()))
        .endpoints(Endpoints::discovered("https://id.acme.example"))
        .endpoints(Endpoints::discovered("https://login.acme.example"))
        .profile(ProfileMapper::of::<StandardClaims>())
        .profile(ProfileMapper::of::<StandardClaims>())
        .build();
}
