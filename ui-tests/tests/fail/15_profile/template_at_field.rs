//! What is composed of several members, written at one of them.

extern crate renamed_typegate as typegate;

use typegate::RawProfile;

#[derive(RawProfile)]
struct Member {
    #[profile(id)]
    id: String,
    #[profile(name = "{first} {last}")]
    first: Option<String>,
    #[profile(image, path = "https://img.example/{id}.png")]
    image: Option<String>,
}

fn main() {}
