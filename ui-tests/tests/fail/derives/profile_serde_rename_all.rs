//! Names in JSON by serde's rule.

extern crate renamed_typegate as typegate;

use typegate::RawProfile;

#[derive(serde::Deserialize, RawProfile)]
#[serde(rename_all = "camelCase")]
struct AcmeUser {
    #[profile(id)]
    user_id: String,
    #[profile(name)]
    display_name: Option<String>,
}

fn main() {}
