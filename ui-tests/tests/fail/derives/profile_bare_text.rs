//! A place without a name.

extern crate renamed_typegate as typegate;

use typegate::RawProfile;

#[derive(RawProfile)]
struct AcmeUser {
    #[profile(id, "data.id")]
    id: String,
}

fn main() {}
