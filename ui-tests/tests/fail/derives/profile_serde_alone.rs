//! Serde's words without serde.

extern crate renamed_typegate as typegate;

use typegate::RawProfile;

#[derive(RawProfile)]
struct AcmeUser {
    #[profile(id)]
    #[serde(rename = "userId")]
    id: String,
}

fn main() {}
