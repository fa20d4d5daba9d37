//! An id of a type of its own.

extern crate renamed_typegate as typegate;

use typegate::RawProfile;

struct UserId(String);

#[derive(RawProfile)]
struct AcmeUser {
    #[profile(id)]
    id: UserId,
}

fn main() {}
