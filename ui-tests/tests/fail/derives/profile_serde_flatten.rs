//! An object that serde would flatten.

extern crate renamed_typegate as typegate;

use typegate::RawProfile;

#[derive(serde::Deserialize)]
struct Address {
    email: Option<String>,
}

#[derive(serde::Deserialize, RawProfile)]
struct AcmeUser {
    #[profile(id)]
    id: String,
    #[serde(flatten)]
    address: Address,
}

fn main() {}
