//! The words of a provider at a profile.

extern crate renamed_typegate as typegate;

use typegate::RawProfile;

#[derive(RawProfile)]
#[provider(id = "acme")]
struct AcmeUser {
    #[profile(id)]
    id: u64,
}

fn main() {}
