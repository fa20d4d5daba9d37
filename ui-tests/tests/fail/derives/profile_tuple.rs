//! A profile without names.

extern crate renamed_typegate as typegate;

use typegate::RawProfile;

#[derive(RawProfile)]
struct AcmeUser(String, Option<String>);

fn main() {}
