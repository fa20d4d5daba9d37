//! What an OAuth 1.0a provider words differently: client and endpoints.

extern crate renamed_typegate as typegate;

use typegate::provider::{
    OAuth1Client, OAuth1Definition, OAuth1Endpoints, ProfileMapper, StandardClaims,
};

fn main() {
    let _ = OAuth1Definition::builder()
        .id("trails")
        .name("Trails")
        .profile(ProfileMapper::of::<StandardClaims>())
        .build();

    let _ = OAuth1Definition::builder()
        .id("trails")
        .name("Trails")
        .client(OAuth1Client::new("key", "s3cr3t".into()))
        .endpoints(OAuth1Endpoints {
            request_token_url: "https://trails.example/oauth/request_token".into(),
            authorization_url: "https://trails.example/oauth/authorize".into(),
            profile_url: "https://trails.example/api/me.json".into(),
        })
        .build();
}
