//! A path with parentheses, and one of two parts.

extern crate renamed_typegate as typegate;

use typegate::RawProfile;

#[derive(RawProfile)]
struct AcmeUser {
    #[profile(id, path("data.id"))]
    id: String,
    #[profile(name, path = ["data", "name"])]
    name: Option<String>,
}

fn main() {}
