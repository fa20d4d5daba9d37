//! An object in the profile.

extern crate renamed_typegate as typegate;

use typegate::RawProfile;

#[derive(serde::Deserialize)]
struct Picture {
    url: String,
}

#[derive(RawProfile)]
struct AcmeUser {
    #[profile(id)]
    id: String,
    #[profile(image)]
    picture: Picture,
}

fn main() {}
