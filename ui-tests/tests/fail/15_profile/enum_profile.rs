//! An enum.

use renamed_typegate::Profile;

#[derive(Profile)]
#[profile(crate = renamed_typegate)]
enum AcmeUser {
    One,
}

fn main() {}
