//! OAuth 1.0a with the field of OAuth 2.0.

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
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct Walker {
    #[profile(id)]
    id: String,
}

fn main() {}
