//! serde's attributes, which are not looked at.

use renamed_typegate::RawProfile;

#[derive(RawProfile, serde::Deserialize)]
#[profile(crate = renamed_typegate)]
struct AcmeUser {
    #[profile(id)]
    #[serde(rename = "ID")]
    id: u64,
}

fn main() {}
