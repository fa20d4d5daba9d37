extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider, RawProfile};

#[derive(OAuthProvider)]
#[provider(
    id = "tracker",
    name = "Tracker",
    authorization_endpoint = "{base_url}/authorize",
    token_endpoint = "{base_url}/token",
    userinfo_endpoint = "{base_url}/me",
    profile = Person
)]
struct Tracker(String, ClientSecret);

#[derive(serde::Deserialize, RawProfile)]
struct Person {
    #[profile(id)]
    id: u64,
}

fn main() {
    let _ = Tracker::from_env();
}
