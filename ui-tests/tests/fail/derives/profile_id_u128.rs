//! An id of an integer type that is not among those of an id.

extern crate renamed_typegate as typegate;

use typegate::RawProfile;

#[derive(RawProfile)]
struct AcmeUser {
    #[profile(id)]
    id: u128,
}

fn main() {}
