//! NextAuth's names for OAuth 1.0a.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuth1Provider, RawProfile};

#[derive(OAuth1Provider)]
#[provider(
    id = "trails",
    name = "Trails",
    requestTokenUrl = "https://trails.example/request_token",
    authorization = "https://trails.example/authorize",
    accessTokenUrl = "https://trails.example/access_token",
    profileUrl = "https://trails.example/me.json",
    signature_method = "HMAC-SHA1",
    profile = Walker,
)]
struct Trails {
    client_key: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct Walker {
    #[profile(id)]
    id: String,
}

fn main() {}
