//! Each required part left out, one at a time.

extern crate renamed_typegate as typegate;

use typegate::provider::{Endpoints, OAuthClient, OAuthDefinition, ProfileMapper, StandardClaims};

fn profile() -> ProfileMapper {
    ProfileMapper::of::<StandardClaims>()
}

fn main() {
    let client = || OAuthClient::public("client");
    let endpoints = || Endpoints::discovered("https://id.acme.example");
    let start = OAuthDefinition::builder;
    let all = || start().id("acme").name("Acme").client(client()).endpoints(endpoints());

    let _ = start().name("Acme").client(client()).endpoints(endpoints()).profile(profile()).build();

    let _ = start().id("acme").client(client()).endpoints(endpoints()).profile(profile()).build();

    let _ = start().id("acme").name("Acme").endpoints(endpoints()).profile(profile()).build();

    let _ = start().id("acme").name("Acme").client(client()).profile(profile()).build();

    let _ = all().build();
}
