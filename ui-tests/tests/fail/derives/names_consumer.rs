//! The client of OAuth 1.0a, by the names of most libraries.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuth1Provider, RawProfile};

#[derive(OAuth1Provider)]
#[provider(
    id = "trails",
    name = "Trails",
    request_token_url = "https://trails.example/request_token",
    authorization_url = "https://trails.example/authorize",
    access_token_url = "https://trails.example/access_token",
    profile_url = "https://trails.example/me.json",
    profile = Walker,
)]
struct Trails {
    consumer_key: String,
    consumer_secret: ClientSecret,
}

#[derive(RawProfile)]
struct Walker {
    #[profile(id)]
    id: String,
}

fn main() {}
