//! Serde's words at fields.

extern crate renamed_typegate as typegate;

use typegate::RawProfile;

#[derive(serde::Deserialize, RawProfile)]
struct AcmeUser {
    #[profile(id)]
    #[serde(rename = "userId")]
    id: String,
    #[profile(name)]
    #[serde(default)]
    name: String,
    #[profile(email)]
    #[serde(alias = "mail")]
    email: Option<String>,
}

fn main() {}
