//! A profile that borrows.

extern crate renamed_typegate as typegate;

use typegate::RawProfile;

#[derive(RawProfile)]
struct AcmeUser<'a> {
    #[profile(id)]
    id: &'a str,
}

fn main() {}
