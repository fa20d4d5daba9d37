//! A path without quotes.

extern crate renamed_typegate as typegate;

use typegate::RawProfile;

#[derive(RawProfile)]
struct AcmeUser {
    #[profile(id, path = data.id)]
    id: String,
}

fn main() {}
