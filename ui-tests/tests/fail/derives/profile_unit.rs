//! A profile without members.

extern crate renamed_typegate as typegate;

use typegate::RawProfile;

#[derive(RawProfile)]
struct AcmeUser;

fn main() {}
