//! An enum.

use renamed_typegate::RawProfile;

#[derive(RawProfile)]
#[profile(crate = renamed_typegate)]
enum AcmeUser {
    One,
}

fn main() {}
