//! An id of the smallest integer type.

extern crate renamed_typegate as typegate;

use typegate::RawProfile;

#[derive(RawProfile)]
struct AcmeUser {
    #[profile(id)]
    id: u128,
}

fn main() {}
