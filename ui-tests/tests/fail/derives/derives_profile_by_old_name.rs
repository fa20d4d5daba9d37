//! The derive of a profile, by the name of what it makes.

extern crate renamed_typegate as typegate;

use typegate::Profile;

#[derive(Profile)]
struct AcmeUser {
    #[profile(id)]
    id: u64,
}

fn main() {}
