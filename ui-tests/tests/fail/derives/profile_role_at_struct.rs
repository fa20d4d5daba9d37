//! Roles at the struct.

extern crate renamed_typegate as typegate;

use typegate::RawProfile;

#[derive(RawProfile)]
#[profile(id = "sub", name = "display_name", email)]
struct AcmeUser {
    sub: String,
    display_name: Option<String>,
}

fn main() {}
